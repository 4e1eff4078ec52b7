"""Printing the state of a cluster."""


def print_cluster_status(cluster):
    scale = cluster.scale_settings
    if scale.auto_scale is None:
        size = scale.manual.target_node_count
    else:
        size = (scale.auto_scale.minimum_node_count, scale.auto_scale.maximum_node_count)
    counts = cluster.node_state_counts
    print("cluster:", cluster.allocation_state, size, cluster.current_node_count, counts.idle_node_count,
          counts.running_node_count)
