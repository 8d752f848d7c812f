#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

// The macros of <curl/typecheck-gcc.h> would hide the real prototypes from __typeof__.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

// Every function that is used, in one list: it gives the table its fields and the loader its names.
#define CCURL_FUNCTIONS(use) \
    use(curl_global_init)    \
    use(curl_version_info)   \
    use(curl_free)           \
    use(curl_easy_init)      \
    use(curl_easy_cleanup)   \
    use(curl_easy_setopt)    \
    use(curl_easy_getinfo)   \
    use(curl_slist_append)   \
    use(curl_slist_free_all) \
    use(curl_multi_init)     \
    use(curl_multi_cleanup)  \
    use(curl_multi_setopt)   \
    use(curl_multi_add_handle)    \
    use(curl_multi_remove_handle) \
    use(curl_multi_perform)  \
    use(curl_multi_poll)     \
    use(curl_multi_wakeup)   \
    use(curl_multi_info_read) \
    use(curl_url)            \
    use(curl_url_cleanup)    \
    use(curl_url_set)        \
    use(curl_url_get)

// `&` keeps __typeof__ a pointer type; nothing here makes the linker ask for the function itself.
#define CCURL_FIELD(name) __typeof__(&name) name;
static struct {
    CCURL_FUNCTIONS(CCURL_FIELD)
} curl;

static pthread_once_t load_once = PTHREAD_ONCE_INIT;
static ccurl_load_result load_result = CCURL_LIBRARY_MISSING;

// CURLOPT_PROTOCOLS_STR came with 7.85.0.
static const unsigned int oldest_usable_version = 0x075500;

static void *open_library(void)
{
#ifdef __APPLE__
    static const char *const names[] = {"/usr/lib/libcurl.4.dylib"};
#else
    // Both have the same ABI; they differ in the TLS library. GnuTLS comes first because its
    // package is the one Lugn depends on. The sonames carry no path: the system's loader finds them.
    static const char *const names[] = {"libcurl-gnutls.so.4", "libcurl.so.4"};
#endif
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        // RTLD_NOW: a broken installation fails here, with an error, not later in the middle of a transfer.
        void *library = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
        if (library != NULL) {
            return library;
        }
    }
    return NULL;
}

static void load(void)
{
    void *library = open_library();
    if (library == NULL) {
        return;
    }
    load_result = CCURL_LIBRARY_UNUSABLE;
    // dlsym without a version finds Debian's versioned symbols (CURL_GNUTLS_3, CURL_OPENSSL_4) too.
#define CCURL_RESOLVE(name)                                          \
    curl.name = (__typeof__(curl.name))dlsym(library, #name);        \
    if (curl.name == NULL) {                                         \
        return;                                                      \
    }
    CCURL_FUNCTIONS(CCURL_RESOLVE)

    if (curl.curl_version_info(CURLVERSION_NOW)->version_num < oldest_usable_version) {
        return;
    }
    if (curl.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return;
    }
    load_result = CCURL_LOADED;
}

ccurl_load_result ccurl_load(void)
{
    pthread_once(&load_once, load);
    return load_result;
}

const char *ccurl_version(void)
{
    return curl.curl_version_info(CURLVERSION_NOW)->version;
}

CURL *ccurl_easy_init(void)
{
    return curl.curl_easy_init();
}

void ccurl_easy_cleanup(CURL *easy)
{
    curl.curl_easy_cleanup(easy);
}

CURLcode ccurl_easy_set_long(CURL *easy, CURLoption option, long value)
{
    return curl.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value)
{
    return curl.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_string(CURL *easy, CURLoption option, const char *value)
{
    return curl.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_pointer(CURL *easy, CURLoption option, const void *value)
{
    return curl.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_list(CURL *easy, CURLoption option, struct curl_slist *value)
{
    return curl.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_set_callback(CURL *easy, CURLoption option, ccurl_data_callback value)
{
    return curl.curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_easy_get_long(CURL *easy, CURLINFO info, long *value)
{
    return curl.curl_easy_getinfo(easy, info, value);
}

CURLcode ccurl_easy_get_offset(CURL *easy, CURLINFO info, curl_off_t *value)
{
    return curl.curl_easy_getinfo(easy, info, value);
}

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text)
{
    return curl.curl_slist_append(list, text);
}

void ccurl_list_free(struct curl_slist *list)
{
    curl.curl_slist_free_all(list);
}

CURLM *ccurl_multi_init(void)
{
    return curl.curl_multi_init();
}

CURLMcode ccurl_multi_cleanup(CURLM *multi)
{
    return curl.curl_multi_cleanup(multi);
}

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value)
{
    return curl.curl_multi_setopt(multi, option, value);
}

CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy)
{
    return curl.curl_multi_add_handle(multi, easy);
}

CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy)
{
    return curl.curl_multi_remove_handle(multi, easy);
}

CURLMcode ccurl_multi_perform(CURLM *multi, int *running)
{
    return curl.curl_multi_perform(multi, running);
}

CURLMcode ccurl_multi_poll(CURLM *multi, int timeout_milliseconds)
{
    return curl.curl_multi_poll(multi, NULL, 0, timeout_milliseconds, NULL);
}

CURLMcode ccurl_multi_wakeup(CURLM *multi)
{
    return curl.curl_multi_wakeup(multi);
}

CURL *ccurl_multi_next_finished(CURLM *multi, CURLcode *result)
{
    int left = 0;
    CURLMsg *message;
    while ((message = curl.curl_multi_info_read(multi, &left)) != NULL) {
        // CURLMSG_DONE is the only message there is, and may not stay so.
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}

CURLU *ccurl_url_init(void)
{
    return curl.curl_url();
}

void ccurl_url_free(CURLU *url)
{
    curl.curl_url_cleanup(url);
}

CURLUcode ccurl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned int flags)
{
    return curl.curl_url_set(url, part, text, flags);
}

CURLUcode ccurl_url_get(CURLU *url, CURLUPart part, char **text, unsigned int flags)
{
    return curl.curl_url_get(url, part, text, flags);
}

void ccurl_free(void *memory)
{
    curl.curl_free(memory);
}
