// The words of the operators' program and page, in Swedish and English: the files sv.json and en.json as they stand beside this
// target's source, each a flat JSON object of keys and texts.
#ifndef CADMINWORDS_H
#define CADMINWORDS_H

#include <stddef.h>

// The bytes live as long as the program.
const unsigned char *lugn_admin_words_sv(void);
size_t lugn_admin_words_sv_count(void);
const unsigned char *lugn_admin_words_en(void);
size_t lugn_admin_words_en_count(void);

#endif
