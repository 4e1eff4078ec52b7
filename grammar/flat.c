#include "flat.h"

#include <stdio.h>
#include <stdlib.h>

// work is the parse that a thread is at. A call from Go stays on its thread, so that each has its own.
typedef struct work {
  const char *text;
  uint32_t size;
  flat_steps *steps;
  size_t stop;  // the parser looks at it now and then
} work;

static _Thread_local work *current;

static void count(uint64_t steps) {
  if (current != NULL && (current->steps->count += steps) > current->steps->limit) {
    current->stop = 1;
  }
}

static void *taken(void *memory, size_t size) {
  count(size);
  if (memory == NULL && size > 0) {
    fprintf(stderr, "the parser needs %zu bytes of memory, and there are none\n", size);
    abort();
  }
  return memory;
}

static void *take(size_t size) { return taken(malloc(size), size); }
static void *take_zeroed(size_t n, size_t size) { return taken(calloc(n, size), n * size); }
static void *take_more(void *memory, size_t size) { return taken(realloc(memory, size), size); }

// flat_setup lets the memory that parsers take be counted. It is called once, before anything is parsed.
void flat_setup(void) { ts_set_allocator(take, take_zeroed, take_more, free); }

// portion is how many bytes the parser is given at once: few, since only what it asks for is counted.
enum { portion = 256 };

static const char *next_portion(void *payload, uint32_t at, TSPoint point, uint32_t *size) {
  (void)point;
  work *w = payload;
  *size = 0;
  if (at >= w->size || w->stop) {
    return "";
  }
  uint32_t end = ((at + 3) / portion + 1) * portion;  // at least four bytes: a character is not cut
  *size = (end < w->size ? end : w->size) - at;
  w->steps->at = at + *size - 1;
  count(*size);
  return w->text + at;
}

// flat_parse parses a text in UTF-8. It returns NULL where that takes more steps than the limit, with the last byte of
// the text that it came to. Each text has a parser of its own: one that was used before has memory left and takes less.
TSTree *flat_parse(const char *text, uint32_t size, flat_steps *steps) {
  work w = {text, size, steps, 0};
  TSInput input = {&w, next_portion, 0};
  TSTree *tree = NULL;
  current = &w;
  TSParser *parser = ts_parser_new();
  if (ts_parser_set_language(parser, tree_sitter_python())) {
    ts_parser_set_cancellation_flag(parser, &w.stop);
    tree = ts_parser_parse(parser, NULL, input);
  }
  current = NULL;
  ts_parser_delete(parser);
  if (tree != NULL && w.stop) {
    ts_tree_delete(tree);
    return NULL;
  }
  return tree;
}

uint32_t flat_record_size(void) { return sizeof(flat_record); }

// flat_size returns the number of nodes of the tree, tokens included.
uint32_t flat_size(const TSTree *tree) { return ts_node_descendant_count(ts_tree_root_node(tree)); }

// flat_copy writes the nodes of the tree in pre-order. It returns how many it wrote, or flat_too_deep, with the first byte
// of the node that is, or flat_overflow.
int32_t flat_copy(const TSTree *tree, flat_record *out, uint32_t capacity, uint32_t max_depth, uint32_t *at) {
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  int32_t count = 0, parent = -1, result;
  uint32_t depth = 0;
  for (;;) {
    if ((uint32_t)count >= capacity) {
      result = flat_overflow;
      break;
    }
    TSNode node = ts_tree_cursor_current_node(&cursor);
    if (depth > max_depth) {
      *at = ts_node_start_byte(node);
      result = flat_too_deep;
      break;
    }
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
