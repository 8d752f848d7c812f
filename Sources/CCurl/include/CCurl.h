// libcurl, loaded at first use instead of linked.
//
// <curl/curl.h> gives the types and constants. The functions it declares are NOT linked into this
// program: call the ccurl_ ones below, which go through a table filled by ccurl_load().
// docs/decisions/0003-libcurl-for-the-client.md says why.
#pragma once

#include <curl/curl.h>

typedef enum {
    CCURL_LOADED = 0,
    /// No libcurl shared library could be opened.
    CCURL_LIBRARY_MISSING,
    /// A library was opened, but it is older than 7.85.0, lacks a function, or failed to initialize.
    CCURL_LIBRARY_UNUSABLE,
} ccurl_load_result;

/// Opens libcurl and initializes it, once per process; later calls return the first result.
///
/// Thread-safe. Every other ccurl_ function may be called only after this returned CCURL_LOADED.
/// The library is never closed again: its resolver threads may outlive the last transfer.
ccurl_load_result ccurl_load(void);

/// The version text of the loaded library, such as "7.88.1".
const char *ccurl_version(void);

CURL *ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *easy);

// curl_easy_setopt is variadic, which Swift cannot call; one function for each argument type.
CURLcode ccurl_easy_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value);
CURLcode ccurl_easy_set_string(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_easy_set_pointer(CURL *easy, CURLoption option, const void *value);
CURLcode ccurl_easy_set_list(CURL *easy, CURLoption option, struct curl_slist *value);

/// The signature that CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION share.
typedef size_t (*ccurl_data_callback)(char *bytes, size_t size, size_t count, void *context);
CURLcode ccurl_easy_set_callback(CURL *easy, CURLoption option, ccurl_data_callback value);

/// The signature of CURLOPT_XFERINFOFUNCTION: what is there of the answer and of the body, in bytes; 0 goes on.
typedef int (*ccurl_progress_callback)(
    void *context, curl_off_t expected, curl_off_t received, curl_off_t to_send, curl_off_t sent);
CURLcode ccurl_easy_set_progress_callback(CURL *easy, ccurl_progress_callback value);

/// Lets the kernel hold at most some ten thousand bytes that are not on their way yet.
CURLcode ccurl_easy_bound_unsent(CURL *easy);

/// Why a certificate was not accepted, after CURLE_PEER_FAILED_VERIFICATION.
typedef enum {
    CCURL_CERTIFICATE_UNTRUSTED = 0,
    CCURL_CERTIFICATE_EXPIRED,
    CCURL_CERTIFICATE_NOT_YET_VALID,
    CCURL_CERTIFICATE_OTHER_NAME,
} ccurl_certificate_fault;
ccurl_certificate_fault ccurl_easy_certificate_fault(CURL *easy);

CURLcode ccurl_easy_get_long(CURL *easy, CURLINFO info, long *value);
CURLcode ccurl_easy_get_offset(CURL *easy, CURLINFO info, curl_off_t *value);

/// Appends a copy of `text`; NULL when memory ran out, and then `list` is unchanged.
struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text);
void ccurl_list_free(struct curl_slist *list);

CURLM *ccurl_multi_init(void);
CURLMcode ccurl_multi_cleanup(CURLM *multi);
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_perform(CURLM *multi, int *running);
CURLMcode ccurl_multi_poll(CURLM *multi, int timeout_milliseconds);
CURLMcode ccurl_multi_wakeup(CURLM *multi);

/// Takes one finished transfer off the queue; NULL when there is none, else `*result` is its outcome.
CURL *ccurl_multi_next_finished(CURLM *multi, CURLcode *result);

CURLU *ccurl_url_init(void);
void ccurl_url_free(CURLU *url);
CURLUcode ccurl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned int flags);
/// `*text` must be given back with ccurl_free.
CURLUcode ccurl_url_get(CURLU *url, CURLUPart part, char **text, unsigned int flags);
void ccurl_free(void *memory);
