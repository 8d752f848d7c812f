import CCurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

extension HTTPClientError {
    /// The error for libcurl's result `result`; `easy`, where there is one, tells more.
    ///
    /// The texts are ours: libcurl's own name hosts and addresses.
    init(_ result: CURLcode, easy: UnsafeMutableRawPointer? = nil) {
        let (code, reason, message) =
            switch result {
            case CURLE_PEER_FAILED_VERIFICATION: unsafe Self.certificateFault(easy)
            case CURLE_COULDNT_CONNECT: unsafe Self.connectFault(easy)
            default: Self.meaning(of: result)
            }
        self.init(code, message, reason: reason, curlCode: Int(result.rawValue))
    }

    private typealias Meaning = (Code, Reason, String)

    private static func certificateFault(_ easy: UnsafeMutableRawPointer?) -> Meaning {
        guard let easy = unsafe easy else {
            return (.tls, .certificateUntrusted, "the server's certificate is not trusted")
        }
        return switch unsafe ccurl_easy_certificate_fault(easy) {
        case CCURL_CERTIFICATE_EXPIRED:
            (
                .tls, .certificateExpired,
                "the server's certificate has expired, or this computer's date is wrong: check the date"
            )
        case CCURL_CERTIFICATE_NOT_YET_VALID:
            (
                .tls, .certificateNotYetValid,
                "the server's certificate is not valid yet, or this computer's date is wrong: check the date"
            )
        case CCURL_CERTIFICATE_OTHER_NAME:
            (
                .tls, .certificateOtherName,
                "the certificate is for another name than the server's address: check the address"
            )
        default: (.tls, .certificateUntrusted, "the server's certificate is not trusted by this computer")
        }
    }

    private static func connectFault(_ easy: UnsafeMutableRawPointer?) -> Meaning {
        var number = 0
        if let easy = unsafe easy { _ = unsafe ccurl_easy_get_long(easy, CURLINFO_OS_ERRNO, &number) }
        return number == Int(ECONNREFUSED)
            ? (
                .unreachable, .connectionRefused,
                "the server cannot be reached"
            )
            : (.unreachable, .notConnected, "the server cannot be reached")
    }

    private static func meaning(of result: CURLcode) -> Meaning {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST:
            (.unreachable, .nameNotFound, "the server's name cannot be found: check the network and the address")
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            (.unreachable, .proxyNotReached, "the proxy cannot be reached")
        case CURLE_OPERATION_TIMEDOUT: (.timedOut, .silence, "the server did not answer in time")
        case CURLE_PARTIAL_FILE: (.cutShort, .connectionLost, "the connection ended in the middle of the answer")
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_SEND_FAIL_REWIND:
            (.cutShort, .connectionLost, "the connection ended before the whole answer")
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            (.tls, .otherKey, "the server's key is not the one that is known here: it may be another server")
        case CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            (.tls, .certificateUntrusted, "the server's certificate is not trusted by this computer")
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE:
            (.tls, .other, "the file of trusted certificates cannot be used")
        case CURLE_SSL_CERTPROBLEM: (.tls, .other, "the client certificate or its key cannot be used")
        case CURLE_SSL_CLIENTCERT: (.tls, .other, "the server asks for a client certificate")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED, CURLE_SSL_SHUTDOWN_FAILED:
            (.tls, .other, "a secure connection cannot be set up")
        case CURLE_FILESIZE_EXCEEDED: (.tooLarge, .tooLarge, "the answer is larger than allowed")
        case CURLE_URL_MALFORMAT: (.invalidURL, .other, "the URL is malformed")
        // The scheme was checked before; this is libcurl refusing an HTTP/0.9 answer, which is no HTTP at all.
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            (.invalidResponse, .notHTTP, "the answer is not HTTP")
        case CURLE_OUT_OF_MEMORY: (.internalFailure, .other, "memory ran out")
        default: (.internalFailure, .other, "the transfer failed inside libcurl")
        }
    }

    static let internalFailure = HTTPClientError(.internalFailure, "libcurl failed unexpectedly")
    static let closed = HTTPClientError(.cancelled, "the client is closed")
    static let cancelled = HTTPClientError(.cancelled, "the request was cancelled")
    static let tooLarge = HTTPClientError(.tooLarge, "the answer is larger than allowed", reason: .tooLarge)
    static let cutShort = HTTPClientError(
        .cutShort, "the connection ended before the whole answer", reason: .connectionLost)
    static let silent = HTTPClientError(.timedOut, "the server was silent for too long", reason: .silence)
    static let plainHTTP = HTTPClientError(
        .tls, "the address is plain http, which anybody on the way can read: use https", reason: .plainHTTP)
}
