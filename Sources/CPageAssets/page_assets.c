// Every file of page/ stands here twice: a test compares the list with the folder.
#include "CPageAssets.h"

// #embed is C23, and known to clang as an extension of C before it.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char activities_js[] = {
#embed "page/activities.js"
};
static const unsigned char api_js[] = {
#embed "page/api.js"
};
static const unsigned char call_form_js[] = {
#embed "page/call-form.js"
};
static const unsigned char call_side_js[] = {
#embed "page/call-side.js"
};
static const unsigned char call_js[] = {
#embed "page/call.js"
};
static const unsigned char case_side_js[] = {
#embed "page/case-side.js"
};
static const unsigned char case_js[] = {
#embed "page/case.js"
};
static const unsigned char charts_js[] = {
#embed "page/charts.js"
};
static const unsigned char choices_js[] = {
#embed "page/choices.js"
};
static const unsigned char conflicts_js[] = {
#embed "page/conflicts.js"
};
static const unsigned char desks_panels_js[] = {
#embed "page/desks-panels.js"
};
static const unsigned char desks_js[] = {
#embed "page/desks.js"
};
static const unsigned char directory_js[] = {
#embed "page/directory.js"
};
static const unsigned char dom_js[] = {
#embed "page/dom.js"
};
static const unsigned char draft_js[] = {
#embed "page/draft.js"
};
static const unsigned char en_more_js[] = {
#embed "page/en-more.js"
};
static const unsigned char en_js[] = {
#embed "page/en.js"
};
static const unsigned char entry_js[] = {
#embed "page/entry.js"
};
static const unsigned char files_js[] = {
#embed "page/files.js"
};
static const unsigned char find_js[] = {
#embed "page/find.js"
};
static const unsigned char frame_js[] = {
#embed "page/frame.js"
};
static const unsigned char guard_js[] = {
#embed "page/guard.js"
};
static const unsigned char icon_svg[] = {
#embed "page/icon.svg"
};
static const unsigned char index_html[] = {
#embed "page/index.html"
};
static const unsigned char join_js[] = {
#embed "page/join.js"
};
static const unsigned char keys_js[] = {
#embed "page/keys.js"
};
static const unsigned char late_js[] = {
#embed "page/late.js"
};
static const unsigned char lead_js[] = {
#embed "page/lead.js"
};
static const unsigned char lock_js[] = {
#embed "page/lock.js"
};
static const unsigned char lugn_css[] = {
#embed "page/lugn.css"
};
static const unsigned char main_js[] = {
#embed "page/main.js"
};
static const unsigned char months_js[] = {
#embed "page/months.js"
};
static const unsigned char more_css[] = {
#embed "page/more.css"
};
static const unsigned char palette_js[] = {
#embed "page/palette.js"
};
static const unsigned char panel_js[] = {
#embed "page/panel.js"
};
static const unsigned char referral_js[] = {
#embed "page/referral.js"
};
static const unsigned char reminders_js[] = {
#embed "page/reminders.js"
};
static const unsigned char settings_hours_js[] = {
#embed "page/settings-hours.js"
};
static const unsigned char settings_import_js[] = {
#embed "page/settings-import.js"
};
static const unsigned char settings_people_js[] = {
#embed "page/settings-people.js"
};
static const unsigned char settings_rules_js[] = {
#embed "page/settings-rules.js"
};
static const unsigned char settings_js[] = {
#embed "page/settings.js"
};
static const unsigned char sheet_js[] = {
#embed "page/sheet.js"
};
static const unsigned char state_js[] = {
#embed "page/state.js"
};
static const unsigned char statistics_js[] = {
#embed "page/statistics.js"
};
static const unsigned char sv_more_js[] = {
#embed "page/sv-more.js"
};
static const unsigned char sv_js[] = {
#embed "page/sv.js"
};
static const unsigned char today_js[] = {
#embed "page/today.js"
};
static const unsigned char values_js[] = {
#embed "page/values.js"
};
static const unsigned char words_js[] = {
#embed "page/words.js"
};
static const unsigned char writing_js[] = {
#embed "page/writing.js"
};

#define ASSET(name, bytes) {name, bytes, sizeof bytes}

static const struct page_asset assets[] = {
    ASSET("activities.js", activities_js),
    ASSET("api.js", api_js),
    ASSET("call-form.js", call_form_js),
    ASSET("call-side.js", call_side_js),
    ASSET("call.js", call_js),
    ASSET("case-side.js", case_side_js),
    ASSET("case.js", case_js),
    ASSET("charts.js", charts_js),
    ASSET("choices.js", choices_js),
    ASSET("conflicts.js", conflicts_js),
    ASSET("desks-panels.js", desks_panels_js),
    ASSET("desks.js", desks_js),
    ASSET("directory.js", directory_js),
    ASSET("dom.js", dom_js),
    ASSET("draft.js", draft_js),
    ASSET("en-more.js", en_more_js),
    ASSET("en.js", en_js),
    ASSET("entry.js", entry_js),
    ASSET("files.js", files_js),
    ASSET("find.js", find_js),
    ASSET("frame.js", frame_js),
    ASSET("guard.js", guard_js),
    ASSET("icon.svg", icon_svg),
    ASSET("index.html", index_html),
    ASSET("join.js", join_js),
    ASSET("keys.js", keys_js),
    ASSET("late.js", late_js),
    ASSET("lead.js", lead_js),
    ASSET("lock.js", lock_js),
    ASSET("lugn.css", lugn_css),
    ASSET("main.js", main_js),
    ASSET("months.js", months_js),
    ASSET("more.css", more_css),
    ASSET("palette.js", palette_js),
    ASSET("panel.js", panel_js),
    ASSET("referral.js", referral_js),
    ASSET("reminders.js", reminders_js),
    ASSET("settings-hours.js", settings_hours_js),
    ASSET("settings-import.js", settings_import_js),
    ASSET("settings-people.js", settings_people_js),
    ASSET("settings-rules.js", settings_rules_js),
    ASSET("settings.js", settings_js),
    ASSET("sheet.js", sheet_js),
    ASSET("state.js", state_js),
    ASSET("statistics.js", statistics_js),
    ASSET("sv-more.js", sv_more_js),
    ASSET("sv.js", sv_js),
    ASSET("today.js", today_js),
    ASSET("values.js", values_js),
    ASSET("words.js", words_js),
    ASSET("writing.js", writing_js),
};

size_t page_asset_count(void) { return sizeof assets / sizeof assets[0]; }

const struct page_asset *page_asset_at(size_t index) {
    return index < page_asset_count() ? &assets[index] : NULL;
}
