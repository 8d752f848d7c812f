#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A file, for its owner alone, that opens a page: it posts a secret which works once. So nothing that opens the page is seen in the
/// list of processes, the address bar or the history.
public enum StartFile {
    /// - Parameters:
    ///   - title: what the window and its button say before the page is there, in the page's language; not markup.
    ///
    /// Errors: ``PageProblem`` `cannot-keep`.
    public static func write(
        _ path: String, port: UInt16, secret: String, language: String, title: String, button: String
    ) throws(PageProblem) {
        try replacePrivateFile(
            path,
            """
            <!doctype html><html lang="\(language)"><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>\(title)</title>
            <form method="post" action="http://127.0.0.1:\(port)/start"><input type="hidden" name="secret" value="\(secret)">
            <button>\(button)</button></form><script>document.forms[0].submit()</script></html>
            """)
    }
}

/// Replaces a file by one that only its owner may read. Errors: ``PageProblem`` `cannot-keep`.
public func replacePrivateFile(_ path: String, _ text: String) throws(PageProblem) {
    let new = path + ".new"
    unsafe unlink(new)
    let descriptor = unsafe open(new, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
        throw PageProblem(500, "cannot-keep", "a file in the data folder cannot be written (error \(errno)): check it")
    }
    let bytes = Array(text.utf8)
    let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress!, $0.count) }
    close(descriptor)
    guard count == bytes.count, unsafe rename(new, path) == 0 else {
        throw PageProblem(
            500, "cannot-keep", "a file in the data folder cannot be written (error \(errno)): check the disk")
    }
}

/// Starts the user's browser with a file. False where there is no way to.
public func openInBrowser(_ path: String) -> Bool {
    #if canImport(Darwin)
        let program = "open"
    #else
        let program = "xdg-open"
    #endif
    let arguments = [program, path]
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    var process: pid_t = 0
    guard unsafe posix_spawnp(&process, program, nil, nil, pointers, environ) == 0 else { return false }
    var status: Int32 = 0
    return unsafe waitpid(process, &status, 0) == process && status == 0
}
