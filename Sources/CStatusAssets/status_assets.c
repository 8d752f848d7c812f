// The files of page/, and those of the counsellor's page that both have: a test compares the list with the folders.
#include "CStatusAssets.h"

// #embed is C23, and known to clang as an extension of C before it.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char api_js[] = {
#embed "../CPageAssets/page/api.js"
};
static const unsigned char changes_js[] = {
#embed "page/changes.js"
};
static const unsigned char detail_js[] = {
#embed "page/detail.js"
};
static const unsigned char devices_js[] = {
#embed "page/devices.js"
};
static const unsigned char dom_js[] = {
#embed "../CPageAssets/page/dom.js"
};
static const unsigned char icon_svg[] = {
#embed "../CPageAssets/page/icon.svg"
};
static const unsigned char index_html[] = {
#embed "page/index.html"
};
static const unsigned char lugn_css[] = {
#embed "../CPageAssets/page/lugn.css"
};
static const unsigned char main_js[] = {
#embed "page/main.js"
};
static const unsigned char overview_js[] = {
#embed "page/overview.js"
};
static const unsigned char plots_js[] = {
#embed "page/plots.js"
};
static const unsigned char shown_js[] = {
#embed "page/shown.js"
};
static const unsigned char status_css[] = {
#embed "page/status.css"
};
static const unsigned char words_js[] = {
#embed "../CPageAssets/page/words.js"
};

#define ASSET(name, bytes) {name, bytes, sizeof bytes}

static const struct status_asset assets[] = {
    ASSET("api.js", api_js),
    ASSET("changes.js", changes_js),
    ASSET("detail.js", detail_js),
    ASSET("devices.js", devices_js),
    ASSET("dom.js", dom_js),
    ASSET("icon.svg", icon_svg),
    ASSET("index.html", index_html),
    ASSET("lugn.css", lugn_css),
    ASSET("main.js", main_js),
    ASSET("overview.js", overview_js),
    ASSET("plots.js", plots_js),
    ASSET("shown.js", shown_js),
    ASSET("status.css", status_css),
    ASSET("words.js", words_js),
};

size_t status_asset_count(void) { return sizeof assets / sizeof assets[0]; }

const struct status_asset *status_asset_at(size_t index) {
    return index < status_asset_count() ? &assets[index] : NULL;
}
