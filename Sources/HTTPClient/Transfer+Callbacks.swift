import CCurl
import Support

extension Transfer {
    /// Connects the assembler to the handle. libcurl calls back on the loop's thread only, while the
    /// loop holds the transfer, so the unretained reference is alive.
    func setCallbacks(_ options: EasyOptions) throws(HTTPClientError) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe try options.setPointer(CURLOPT_HEADERDATA, context)
        unsafe try options.setPointer(CURLOPT_WRITEDATA, context)
        unsafe try options.setCallback(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            unsafe Transfer.receive(bytes, size * count, context) { transfer, bytes in
                transfer.pace.moved(MonotonicClock.system.nowNanoseconds())
                return unsafe transfer.assembler.appendHeaderLine(bytes)
            }
        }
        unsafe try options.setPointer(CURLOPT_XFERINFODATA, context)
        try options.set(CURLOPT_NOPROGRESS, 0)
        unsafe try options.setProgressCallback { context, expected, received, _, sent in
            guard let context = unsafe context else { return 1 }
            let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            let progress = HTTPClientProgress(
                sentBytes: Int(sent), receivedBytes: Int(received), expectedBytes: expected > 0 ? Int(expected) : nil)
            if transfer.pace.count(progress, now: MonotonicClock.system.nowNanoseconds()) {
                transfer.request.onProgress?(progress)
            }
            return 0
        }
        unsafe try options.setCallback(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            unsafe Transfer.receive(bytes, size * count, context) { transfer, bytes in
                unsafe transfer.assembler.appendBody(bytes, expectedBytes: transfer.expectedBodyBytes)
            }
        }
    }

    private static func receive(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
        _ take: (Transfer, UnsafeRawBufferPointer) -> Bool
    ) -> Int {
        guard let context = unsafe context else { return 0 }
        let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        if unsafe take(transfer, UnsafeRawBufferPointer(start: bytes, count: count)) { return count }
        transfer.refusal = .tooLarge
        // Any number other than `count` makes libcurl end the transfer.
        return count == 0 ? 1 : 0
    }

    private var expectedBodyBytes: Int {
        var length: curl_off_t = -1
        guard let easy = unsafe easy,
            unsafe ccurl_easy_get_offset(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length) == CURLE_OK
        else { return 0 }
        return Int(length)
    }
}
