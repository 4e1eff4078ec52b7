# -*- coding: latin-1 -*-
# Größe und Zahl der Knoten
import utilities as utils
from azure.mgmt.batchai import models

cfg = utils.config.Configuration('configuration.json')
client = utils.config.create_batchai_client(cfg)

größe = 'STANDARD_D2_V3'  # für Übungen
parameter = models.ClusterCreateParameters(
    vm_size=größe,
    scale_settings=models.ScaleSettings(manual=models.ManualScaleSettings(target_node_count=1)),
    user_account_settings=models.UserAccountSettings(
        admin_user_name='jörg', admin_user_password=cfg.admin_password))
client.clusters.create(cfg.resource_group, cfg.workspace, 'übung', parameter).result()
