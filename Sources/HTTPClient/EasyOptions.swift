import CCurl

/// The options of one libcurl handle; each setter throws when libcurl refuses the option.
@safe
struct EasyOptions {
    private let easy: UnsafeMutableRawPointer

    init(easy: UnsafeMutableRawPointer) {
        unsafe self.easy = easy
    }

    func set(_ option: CURLoption, _ value: Int) throws(HTTPClientError) {
        try check(unsafe ccurl_easy_set_long(easy, option, value))
    }

    func setOffset(_ option: CURLoption, _ value: Int) throws(HTTPClientError) {
        try check(unsafe ccurl_easy_set_offset(easy, option, curl_off_t(value)))
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String?) throws(HTTPClientError) {
        try check(unsafe ccurl_easy_set_string(easy, option, value))
    }

    func setIfKnown(_ option: CURLoption, _ value: Int) {
        // An older library answers CURLE_UNKNOWN_OPTION, which the caller is prepared for.
        _ = unsafe ccurl_easy_set_long(easy, option, value)
    }

    /// Lets libcurl read `body` in place: the caller keeps the array alive, unchanged, as long as the handle.
    ///
    /// The elements of a native array have one fixed address until it is mutated or freed, so the
    /// pointer may be used after the closure; copying would double the memory of a large upload.
    func setBody(_ body: [UInt8]) throws(HTTPClientError) {
        try check(unsafe ccurl_easy_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        guard !body.isEmpty else {
            // CURLOPT_COPYPOSTFIELDS, because nothing has to outlive this call; null would ask for a callback.
            return try set(CURLOPT_COPYPOSTFIELDS, "")
        }
        let result = unsafe body.withUnsafeBufferPointer { bytes in
            unsafe ccurl_easy_set_pointer(easy, CURLOPT_POSTFIELDS, bytes.baseAddress)
        }
        try check(result)
    }

    func setPointer(_ option: CURLoption, _ value: UnsafeMutableRawPointer) throws(HTTPClientError) {
        try check(unsafe ccurl_easy_set_pointer(easy, option, value))
    }

    func setList(_ option: CURLoption, _ value: UnsafeMutablePointer<curl_slist>?) throws(HTTPClientError) {
        try check(unsafe ccurl_easy_set_list(easy, option, value))
    }

    func setCallback(_ option: CURLoption, _ value: @escaping ccurl_data_callback) throws(HTTPClientError) {
        try check(unsafe ccurl_easy_set_callback(easy, option, value))
    }

    func setProgressCallback(_ value: @escaping ccurl_progress_callback) throws(HTTPClientError) {
        unsafe try check(ccurl_easy_set_progress_callback(easy, value))
    }

    func boundUnsent() throws(HTTPClientError) { try check(unsafe ccurl_easy_bound_unsent(easy)) }

    private func check(_ result: CURLcode) throws(HTTPClientError) {
        guard result == CURLE_OK else { throw unsafe HTTPClientError(result) }
    }
}
