import CCurl

extension HTTPClientError {
    /// The error for libcurl's result `result`.
    ///
    /// The texts are ours: libcurl's own name hosts and addresses.
    init(_ result: CURLcode) {
        let (code, message) = Self.meaning(of: result)
        self.init(code, message, curlCode: Int(result.rawValue))
    }

    private static func meaning(of result: CURLcode) -> (Code, String) {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST: (.unreachable, "the server's name cannot be resolved")
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: (.unreachable, "the proxy cannot be reached")
        case CURLE_COULDNT_CONNECT: (.unreachable, "the server cannot be reached")
        case CURLE_OPERATION_TIMEDOUT: (.timedOut, "the server did not answer in time")
        case CURLE_PARTIAL_FILE: (.cutShort, "the connection ended in the middle of the answer")
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_SEND_FAIL_REWIND:
            (.cutShort, "the connection ended before the whole answer")
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH: (.tls, "the server's public key is not the pinned one")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            (.tls, "the server's certificate is not trusted")
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE:
            (.tls, "the file of trusted certificates cannot be used")
        case CURLE_SSL_CERTPROBLEM: (.tls, "the client certificate or its key cannot be used")
        case CURLE_SSL_CLIENTCERT: (.tls, "the server asks for a client certificate")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED, CURLE_SSL_SHUTDOWN_FAILED:
            (.tls, "a secure connection cannot be set up")
        case CURLE_FILESIZE_EXCEEDED: (.tooLarge, "the answer is larger than allowed")
        case CURLE_URL_MALFORMAT: (.invalidURL, "the URL is malformed")
        // The scheme was checked before; this is libcurl refusing an HTTP/0.9 answer, which is no HTTP at all.
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            (.invalidResponse, "the answer is not HTTP")
        case CURLE_OUT_OF_MEMORY: (.internalFailure, "memory ran out")
        default: (.internalFailure, "the transfer failed inside libcurl")
        }
    }

    static let internalFailure = HTTPClientError(.internalFailure, "libcurl failed unexpectedly")
    static let closed = HTTPClientError(.cancelled, "the client is closed")
    static let cancelled = HTTPClientError(.cancelled, "the request was cancelled")
    static let tooLarge = HTTPClientError(.tooLarge, "the answer is larger than allowed")
    static let cutShort = HTTPClientError(.cutShort, "the connection ended before the whole answer")
}
