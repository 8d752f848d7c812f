extension HTTPClientRequest {
    /// Throws for what could smuggle a second request or header into the connection, and for empty limits.
    func validate() throws(HTTPClientError) {
        guard HeaderName.isToken(method) else {
            throw HTTPClientError(.invalidRequest, "the method is not allowed")
        }
        guard timeoutSeconds > 0, maximumResponseBytes >= 0 else {
            throw HTTPClientError(.invalidRequest, "a limit of the request is out of range")
        }
        for header in headers {
            let isFraming = ["Content-Length", "Transfer-Encoding", "Expect"]
                .contains { HeaderName.areEqual($0, header.name) }
            guard HeaderName.isToken(header.name), !isFraming,
                header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
            else {
                throw HTTPClientError(.invalidRequest, "a header field of the request is not allowed")
            }
        }
        guard !url.utf8.contains(0) else {
            throw HTTPClientError(.invalidURL, "the URL is malformed")
        }
    }
}
