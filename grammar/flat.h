#ifndef PYXLATE_GRAMMAR_FLAT_H
#define PYXLATE_GRAMMAR_FLAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The part of tree-sitter's C interface that is used here (tree_sitter/api.h). The Go binding links these functions but
// does not hand them out; the declarations below are checked at start by parsing a known text.
typedef struct TSLanguage TSLanguage;
typedef struct TSParser TSParser;
typedef struct TSTree TSTree;
typedef struct TSNode {
  uint32_t context[4];
  const void *id;
  const TSTree *tree;
} TSNode;
typedef struct TSTreeCursor {
  const void *tree;
  const void *id;
  uint32_t context[3];
} TSTreeCursor;
typedef struct TSPoint {
  uint32_t row, column;
} TSPoint;
typedef struct TSInput {
  void *payload;
  const char *(*read)(void *payload, uint32_t at, TSPoint, uint32_t *size);
  int encoding;  // 0: UTF-8
} TSInput;

const TSLanguage *tree_sitter_python(void);
uint32_t ts_language_version(const TSLanguage *);
uint32_t ts_language_symbol_count(const TSLanguage *);
uint32_t ts_language_field_count(const TSLanguage *);
const char *ts_language_symbol_name(const TSLanguage *, uint16_t);
const char *ts_language_field_name_for_id(const TSLanguage *, uint16_t);
TSParser *ts_parser_new(void);
void ts_parser_delete(TSParser *);
bool ts_parser_set_language(TSParser *, const TSLanguage *);
void ts_parser_set_cancellation_flag(TSParser *, const size_t *);
TSTree *ts_parser_parse(TSParser *, const TSTree *, TSInput);
void ts_set_allocator(void *(*)(size_t), void *(*)(size_t, size_t), void *(*)(void *, size_t), void (*)(void *));
void ts_tree_delete(TSTree *);
TSNode ts_tree_root_node(const TSTree *);
uint32_t ts_node_descendant_count(TSNode);
uint16_t ts_node_symbol(TSNode);
uint32_t ts_node_start_byte(TSNode);
uint32_t ts_node_end_byte(TSNode);
bool ts_node_is_named(TSNode);
bool ts_node_is_missing(TSNode);
bool ts_node_is_extra(TSNode);
bool ts_node_has_error(TSNode);
TSTreeCursor ts_tree_cursor_new(TSNode);
void ts_tree_cursor_delete(TSTreeCursor *);
TSNode ts_tree_cursor_current_node(const TSTreeCursor *);
uint16_t ts_tree_cursor_current_field_id(const TSTreeCursor *);
bool ts_tree_cursor_goto_first_child(TSTreeCursor *);
bool ts_tree_cursor_goto_next_sibling(TSTreeCursor *);
bool ts_tree_cursor_goto_parent(TSTreeCursor *);

// flat_record is one node of the flat tree; the Go type record has the same layout.
typedef struct flat_record {
  uint32_t start, end;  // bytes, 0-based, end exclusive
  int32_t parent;       // index of the parent, -1 for the root
  int32_t last;         // index of the last descendant, its own index for a leaf; the next sibling follows it
  uint16_t symbol;
  uint8_t field;
  uint8_t flags;
} flat_record;

enum { flat_named = 1, flat_missing = 2, flat_extra = 4, flat_error = 8, flat_final = 16 };
enum { flat_too_deep = -1, flat_overflow = -2 };

// flat_steps counts what one parse does: a step for each byte that the parser reads, once more where it reads it again,
// and for each byte of memory that it takes. They are the same for the same text, however busy the machine is.
typedef struct flat_steps {
  uint64_t count, limit;
  uint32_t at;  // the last byte of the text that was read
} flat_steps;

void flat_setup(void);
TSTree *flat_parse(const char *text, uint32_t size, flat_steps *steps);
uint32_t flat_size(const TSTree *tree);
int32_t flat_copy(const TSTree *tree, flat_record *out, uint32_t capacity, uint32_t max_depth, uint32_t *at);
uint32_t flat_record_size(void);

#endif
