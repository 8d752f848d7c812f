extension HTTPClientError {
    /// What exactly made a request fail; more may be added.
    public struct Reason: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case other
            case nameNotFound, connectionRefused, notConnected, proxyNotReached, silence, connectionLost
            case certificateExpired, certificateNotYetValid, certificateOtherName, certificateUntrusted, otherKey
            case plainHTTP, tooLarge, notHTTP
        }

        private let kind: Kind

        /// Nothing that a person can do anything about: the code says what is known.
        public static let other = Reason(kind: .other)
        /// The server's name is unknown to the name service, or there is no name service: no network, a wrong address.
        public static let nameNotFound = Reason(kind: .nameNotFound)
        /// The machine is there, and nothing listens on the port: the server is not running.
        public static let connectionRefused = Reason(kind: .connectionRefused)
        /// No connection for another reason: no route, a firewall, a machine that is switched off.
        public static let notConnected = Reason(kind: .notConnected)
        /// The proxy that the environment names cannot be reached.
        public static let proxyNotReached = Reason(kind: .proxyNotReached)
        /// Nothing went either way for too long.
        public static let silence = Reason(kind: .silence)
        /// The connection broke within the exchange.
        public static let connectionLost = Reason(kind: .connectionLost)
        /// The certificate is out of date, or this computer's clock is ahead.
        public static let certificateExpired = Reason(kind: .certificateExpired)
        /// The certificate begins later, or this computer's clock is behind.
        public static let certificateNotYetValid = Reason(kind: .certificateNotYetValid)
        /// The certificate is another server's: a wrong address, or somebody in between.
        public static let certificateOtherName = Reason(kind: .certificateOtherName)
        /// No authority that is trusted here vouches for the certificate.
        public static let certificateUntrusted = Reason(kind: .certificateUntrusted)
        /// The server's key is not the pinned one.
        public static let otherKey = Reason(kind: .otherKey)
        /// The address is plain http and leads to another machine; nothing was sent.
        public static let plainHTTP = Reason(kind: .plainHTTP)
        /// The answer is larger than allowed.
        public static let tooLarge = Reason(kind: .tooLarge)
        /// Something answered that does not speak HTTP.
        public static let notHTTP = Reason(kind: .notHTTP)

        public var description: String { kind.rawValue }
    }
}
