#include "CMicroHTTPD.h"

#include <gnutls/x509.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct lugn_certificate_slot {
    pthread_mutex_t mutex;
    // PEM text; both NULL until the first pair is set.
    char *chain;
    char *key;
};

struct lugn_certificate_slot *lugn_certificate_slot_make(void) {
    struct lugn_certificate_slot *slot = calloc(1, sizeof *slot);
    if (slot != NULL) pthread_mutex_init(&slot->mutex, NULL);
    return slot;
}

static void forget(struct lugn_certificate_slot *slot) {
    if (slot->key != NULL) gnutls_memset(slot->key, 0, strlen(slot->key));
    free(slot->key);
    free(slot->chain);
    slot->key = slot->chain = NULL;
}

void lugn_certificate_slot_free(struct lugn_certificate_slot *slot) {
    forget(slot);
    pthread_mutex_destroy(&slot->mutex);
    free(slot);
}

static gnutls_datum_t datum(const char *text) {
    return (gnutls_datum_t){(unsigned char *)text, (unsigned int)strlen(text)};
}

bool lugn_certificate_slot_set(struct lugn_certificate_slot *slot, const char *chain, const char *key) {
    // Credentials are made only to let GnuTLS check that both can be read and belong together.
    gnutls_certificate_credentials_t trial;
    if (gnutls_certificate_allocate_credentials(&trial) != GNUTLS_E_SUCCESS) return false;
    gnutls_datum_t chain_datum = datum(chain), key_datum = datum(key);
    int result = gnutls_certificate_set_x509_key_mem(trial, &chain_datum, &key_datum, GNUTLS_X509_FMT_PEM);
    gnutls_certificate_free_credentials(trial);
    // Zero or, from GnuTLS 3.5.6 on with a flag not set here, the index of the pair.
    if (result < 0) return false;

    char *new_chain = strdup(chain), *new_key = strdup(key);
    if (new_chain == NULL || new_key == NULL) {
        free(new_chain);
        free(new_key);
        return false;
    }
    pthread_mutex_lock(&slot->mutex);
    forget(slot);
    slot->chain = new_chain;
    slot->key = new_key;
    pthread_mutex_unlock(&slot->mutex);
    return true;
}

// At most what a chain holds in practice; longer ones are refused by the handshake.
enum { longest_chain = 16 };

bool lugn_certificate_key_hash(const char *chain, unsigned char hash[32]) {
    gnutls_datum_t chain_datum = datum(chain);
    gnutls_x509_crt_t certificates[longest_chain];
    unsigned int count = longest_chain;
    if (gnutls_x509_crt_list_import(certificates, &count, &chain_datum, GNUTLS_X509_FMT_PEM, 0) < 1) return false;
    size_t size = 32;
    // The hash of the SubjectPublicKeyInfo, which is what RFC 7469 pins.
    bool done = gnutls_x509_crt_get_key_id(certificates[0], GNUTLS_KEYID_USE_SHA256, hash, &size) == GNUTLS_E_SUCCESS;
    for (unsigned int index = 0; index < count; index++) gnutls_x509_crt_deinit(certificates[index]);
    return done && size == 32;
}

long long lugn_certificate_expiry(const char *chain) {
    gnutls_datum_t chain_datum = datum(chain);
    gnutls_x509_crt_t certificates[longest_chain];
    unsigned int count = longest_chain;
    if (gnutls_x509_crt_list_import(certificates, &count, &chain_datum, GNUTLS_X509_FMT_PEM, 0) < 1) return -1;
    long long expiry = gnutls_x509_crt_get_expiration_time(certificates[0]);
    for (unsigned int index = 0; index < count; index++) gnutls_x509_crt_deinit(certificates[index]);
    return expiry;
}

// Gives GnuTLS copies of its own, which it frees with the session: nothing is shared with the next certificate.
static int copy(struct lugn_certificate_slot *slot, gnutls_pcert_st *chain, unsigned int *count, gnutls_privkey_t key) {
    if (slot->chain == NULL) return GNUTLS_E_NO_CERTIFICATE_FOUND;
    gnutls_datum_t chain_datum = datum(slot->chain), key_datum = datum(slot->key);
    int result = gnutls_pcert_list_import_x509_raw(chain, count, &chain_datum, GNUTLS_X509_FMT_PEM, 0);
    if (result != GNUTLS_E_SUCCESS) return result;
    result = gnutls_privkey_import_x509_raw(key, &key_datum, GNUTLS_X509_FMT_PEM, NULL, 0);
    if (result != GNUTLS_E_SUCCESS) {
        for (unsigned int index = 0; index < *count; index++) gnutls_pcert_deinit(&chain[index]);
    }
    return result;
}

int lugn_certificate_of_session(
    gnutls_session_t session, const struct gnutls_cert_retr_st *info, gnutls_pcert_st **chain, unsigned int *count,
    gnutls_ocsp_data_st **ocsp, unsigned int *ocsp_count, gnutls_privkey_t *key, unsigned int *flags) {
    (void)info;
    *ocsp = NULL;
    *ocsp_count = 0;
    // MHD keeps its connection there, for its own callback of the same kind (daemon.c, MHD_accept_connection).
    struct MHD_Connection *connection = gnutls_session_get_ptr(session);
    struct lugn_certificate_slot *slot = lugn_mhd_slot_of(lugn_mhd_socket_context(connection));
    if (slot == NULL) return -1;

    *count = longest_chain;
    *chain = gnutls_calloc(longest_chain, sizeof **chain);
    if (*chain == NULL) return -1;
    int result = gnutls_privkey_init(key);
    if (result == GNUTLS_E_SUCCESS) {
        pthread_mutex_lock(&slot->mutex);
        result = copy(slot, *chain, count, *key);
        pthread_mutex_unlock(&slot->mutex);
        if (result != GNUTLS_E_SUCCESS) gnutls_privkey_deinit(*key);
    }
    if (result != GNUTLS_E_SUCCESS) {
        gnutls_free(*chain);
        *chain = NULL;
        return -1;
    }
    *flags = GNUTLS_CERT_RETR_DEINIT_ALL;
    return 0;
}
