#include "CAdminWords.h"

// #embed is C23; clang has it in earlier modes as an extension.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char sv[] = {
#embed "sv.json"
};

static const unsigned char en[] = {
#embed "en.json"
};

const unsigned char *lugn_admin_words_sv(void) { return sv; }
size_t lugn_admin_words_sv_count(void) { return sizeof sv; }
const unsigned char *lugn_admin_words_en(void) { return en; }
size_t lugn_admin_words_en_count(void) { return sizeof en; }
