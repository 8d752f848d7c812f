// The words of the interface, in Swedish and English: the files sv.json and en.json as they stand beside this target's
// source, each a flat JSON object of keys and texts. The command line, the reports and the page share them.
#ifndef CWORDS_H
#define CWORDS_H

#include <stddef.h>

// The bytes live as long as the program.
const unsigned char *lugn_words_sv(void);
size_t lugn_words_sv_count(void);
const unsigned char *lugn_words_en(void);
size_t lugn_words_en_count(void);

#endif
