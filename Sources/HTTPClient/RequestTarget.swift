import CCurl

/// What has to be known of a URL before libcurl gets it.
struct RequestTarget {
    /// Whether it leads to this machine.
    let isLoopback: Bool
    /// Whether TLS protects what is sent.
    let isEncrypted: Bool

    /// Throws when `url` is not an http or https URL without a user name.
    ///
    /// Parsed by libcurl, so that the check and the connection cannot understand the URL differently.
    init(_ url: String) throws(HTTPClientError) {
        guard let parsed = unsafe ccurl_url_init() else { throw .internalFailure }
        defer { unsafe ccurl_url_free(parsed) }
        guard unsafe ccurl_url_set(parsed, CURLUPART_URL, url, UInt32(CURLU_DISALLOW_USER)) == CURLUE_OK,
            let scheme = unsafe Self.part(CURLUPART_SCHEME, of: parsed), scheme == "http" || scheme == "https",
            let host = unsafe Self.part(CURLUPART_HOST, of: parsed)
        else {
            throw HTTPClientError(.invalidURL, "the URL is malformed, has a user name, or is not http or https")
        }
        isEncrypted = scheme == "https"
        isLoopback = Self.isLoopback(host: host)
    }

    private static func part(_ part: CURLUPart, of url: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe ccurl_url_get(url, part, &text, 0) == CURLUE_OK, let text = unsafe text else { return nil }
        defer { unsafe ccurl_free(text) }
        return unsafe String(cString: text)
    }

    /// `host` as libcurl writes it: IPv4 in four decimal parts, IPv6 in brackets.
    private static func isLoopback(host: String) -> Bool {
        let name = host.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") || name == "[::1]" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
