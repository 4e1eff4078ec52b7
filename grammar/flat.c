#include "flat.h"

#include <stddef.h>

// flat_parser returns a parser for Python, or NULL.
TSParser *flat_parser(void) {
  TSParser *parser = ts_parser_new();
  if (parser == NULL) {
    return NULL;
  }
  if (!ts_parser_set_language(parser, tree_sitter_python())) {
    ts_parser_delete(parser);
    return NULL;
  }
  return parser;
}

uint32_t flat_record_size(void) { return sizeof(flat_record); }

// flat_size returns the number of nodes of the tree, tokens included.
uint32_t flat_size(const TSTree *tree) { return ts_node_descendant_count(ts_tree_root_node(tree)); }

// flat_copy writes the nodes of the tree in pre-order. It returns how many it wrote, flat_too_deep or flat_overflow.
int32_t flat_copy(const TSTree *tree, flat_record *out, uint32_t capacity, uint32_t max_depth) {
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  int32_t count = 0, parent = -1, result;
  uint32_t depth = 0;
  for (;;) {
    if ((uint32_t)count >= capacity) {
      result = flat_overflow;
      break;
    }
    if (depth > max_depth) {
      result = flat_too_deep;
      break;
    }
    TSNode node = ts_tree_cursor_current_node(&cursor);
    flat_record *record = &out[count];
    bool extra = ts_node_is_extra(node);
    record->start = ts_node_start_byte(node);
    record->end = ts_node_end_byte(node);
    record->parent = parent;
    record->last = count;
    record->symbol = ts_node_symbol(node);
    record->field = extra ? 0 : (uint8_t)ts_tree_cursor_current_field_id(&cursor);
    record->flags = (ts_node_is_named(node) ? flat_named : 0) | (ts_node_is_missing(node) ? flat_missing : 0) |
                    (extra ? flat_extra : 0) | (ts_node_has_error(node) ? flat_error : 0) | flat_final;
    int32_t current = count++;
    if (ts_tree_cursor_goto_first_child(&cursor)) {
      parent = current;
      depth++;
      continue;
    }
    while (current >= 0 && !ts_tree_cursor_goto_next_sibling(&cursor)) {
      if (parent < 0 || !ts_tree_cursor_goto_parent(&cursor)) {
        current = -1;
        break;
      }
      current = parent;
      out[current].last = count - 1;
      parent = out[current].parent;
      depth--;
    }
    if (current < 0) {
      result = count;
      break;
    }
    out[current].flags &= ~flat_final;
  }
  ts_tree_cursor_delete(&cursor);
  return result;
}
