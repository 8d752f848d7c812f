extension HTTPClientError {
    /// The kind of a failure; more may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case unreachable, timedOut, cutShort, tls, tooLarge, cancelled, invalidURL, invalidRequest
            case invalidResponse, libraryMissing, internalFailure
        }

        private let kind: Kind

        /// No connection could be made: the server has not seen the request.
        public static let unreachable = Code(kind: .unreachable)
        /// The time for connecting is over, or nothing went either way for too long.
        public static let timedOut = Code(kind: .timedOut)
        /// The connection ended before the whole answer: the server may or may not have acted on the request.
        public static let cutShort = Code(kind: .cutShort)
        /// There is no secure connection: an untrusted certificate, a wrong pin, an unusable certificate file, plain http.
        public static let tls = Code(kind: .tls)
        /// The answer is larger than the request allows.
        public static let tooLarge = Code(kind: .tooLarge)
        /// The task was cancelled or the client closed.
        public static let cancelled = Code(kind: .cancelled)
        /// The URL is malformed, has a user name, or is neither http nor https.
        public static let invalidURL = Code(kind: .invalidURL)
        /// The method, a header field or a limit of the request is not allowed.
        public static let invalidRequest = Code(kind: .invalidRequest)
        /// The answer is not HTTP.
        public static let invalidResponse = Code(kind: .invalidResponse)
        /// libcurl is not installed or not usable.
        public static let libraryMissing = Code(kind: .libraryMissing)
        /// Memory ran out or libcurl failed in a way it should not.
        public static let internalFailure = Code(kind: .internalFailure)

        public var description: String { kind.rawValue }
    }
}
