/// Why a server could not start.
public struct HTTPServerError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, for programs.
    public struct Code: Hashable, Sendable {
        private let name: String

        /// The address is no numeric IPv4 or IPv6 address.
        public static let invalidAddress = Code(name: "invalidAddress")
        /// Another socket listens on the address and port.
        public static let addressInUse = Code(name: "addressInUse")
        /// The process may not listen on the address and port.
        public static let permissionDenied = Code(name: "permissionDenied")
        /// Listening failed for another reason, such as an address this machine does not have.
        public static let listeningFailed = Code(name: "listeningFailed")
        /// The process may not have as many open files as `connectionLimit` needs.
        public static let tooFewDescriptors = Code(name: "tooFewDescriptors")
        /// The certificate or key is unusable, or they do not belong together.
        public static let invalidCertificate = Code(name: "invalidCertificate")
        /// The polling threads could not be started.
        public static let startFailed = Code(name: "startFailed")
    }

    public let code: Code
    /// What went wrong, for people.
    public let message: String
    /// The `errno` behind the failure, if the operating system reported one.
    public let systemErrorNumber: Int32?

    init(_ code: Code, _ message: String, systemErrorNumber: Int32? = nil) {
        self.code = code
        self.message = message
        self.systemErrorNumber = systemErrorNumber
    }

    public var description: String {
        message
    }
}
