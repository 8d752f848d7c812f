import CCurl

extension Transfer {
    /// Makes the libcurl handle for the request. On the loop's thread.
    func prepareHandle() throws(HTTPClientError) {
        let target = try RequestTarget(request.url)
        guard target.isEncrypted || target.isLoopback || configuration.allowsPlainHTTP else { throw .plainHTTP }
        unsafe easy = ccurl_easy_init()
        guard let easy = unsafe easy else { throw .internalFailure }
        let options = unsafe EasyOptions(easy: easy)
        try setBasics(options, isLoopback: target.isLoopback)
        try setSecurity(options)
        try setMethodAndBody(options)
        try setHeaders(options)
        try setCallbacks(options)
    }

    private func setBasics(_ options: EasyOptions, isLoopback: Bool) throws(HTTPClientError) {
        try options.set(CURLOPT_URL, request.url)
        try options.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try options.set(CURLOPT_NOSIGNAL, 1)
        try options.set(CURLOPT_FOLLOWLOCATION, 0)
        try options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try options.set(CURLOPT_TCP_NODELAY, 1)
        try options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try options.set(CURLOPT_USERAGENT, configuration.userAgent)
        try options.set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(configuration.connectTimeoutSeconds))
        // Refuses a larger Content-Length before any body; the write callback guards the rest.
        try options.setOffset(CURLOPT_MAXFILESIZE_LARGE, request.maximumResponseBytes)
        try options.boundUnsent()
        // An empty proxy overrules the environment.
        if isLoopback || !configuration.usesEnvironmentProxy { try options.set(CURLOPT_PROXY, "") }
        // Without it, ending a transfer waits for getaddrinfo. Its thread cleans up after itself, and
        // the library stays loaded for it. Unknown before 7.87, where ending one waits.
        options.setIfKnown(CURLOPT_QUICK_EXIT, 1)
    }

    private func setSecurity(_ options: EasyOptions) throws(HTTPClientError) {
        try options.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        // The key of a private certificate is known: nobody has to vouch for it, and its name and dates say nothing more.
        let isPinAlone = configuration.pinnedPublicKey != nil && configuration.caCertificateFile == nil
        try options.set(CURLOPT_SSL_VERIFYPEER, isPinAlone ? 0 : 1)
        try options.set(CURLOPT_SSL_VERIFYHOST, isPinAlone ? 0 : 2)
        if let file = configuration.caCertificateFile {
            try options.set(CURLOPT_CAINFO, file)
            // The GnuTLS build trusts a system directory besides the file unless told otherwise.
            try options.set(CURLOPT_CAPATH, nil)
        }
        if let pin = configuration.pinnedPublicKey { try options.set(CURLOPT_PINNEDPUBLICKEY, pin) }
        if let file = configuration.clientCertificateFile { try options.set(CURLOPT_SSLCERT, file) }
        if let file = configuration.clientKeyFile { try options.set(CURLOPT_SSLKEY, file) }
    }

    private func setMethodAndBody(_ options: EasyOptions) throws(HTTPClientError) {
        if request.method == "HEAD" {
            try options.set(CURLOPT_NOBODY, 1)
            return
        }
        let mayHaveBody = ["POST", "PUT", "PATCH"].contains(request.method)
        if mayHaveBody || !request.body.isEmpty {
            try options.set(CURLOPT_POST, 1)
            try options.setBody(request.body)
        }
        try options.set(CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func setHeaders(_ options: EasyOptions) throws(HTTPClientError) {
        // No 100-continue round trip, and no form content type that nobody asked for.
        try appendHeader("Expect:")
        if !request.headers.contains(where: { HeaderName.areEqual($0.name, "Content-Type") }) {
            try appendHeader("Content-Type:")
        }
        for header in request.headers {
            // libcurl's notation: "Name:" would remove the field, "Name;" sends it empty.
            let isBlank = header.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            try appendHeader(isBlank ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        unsafe try options.setList(CURLOPT_HTTPHEADER, headerList)
    }

    private func appendHeader(_ line: String) throws(HTTPClientError) {
        guard let list = unsafe ccurl_list_append(headerList, line) else { throw .internalFailure }
        unsafe headerList = list
    }

    /// libcurl takes 0 for "no limit", so there is at least one millisecond.
    private static func milliseconds(_ seconds: Double) -> Int {
        Int(min(max(seconds * 1000, 1), Double(Int32.max)))
    }
}
