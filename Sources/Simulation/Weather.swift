/// How bad a run's network is: the probability of each misfortune, per message.
public struct Weather: Hashable, Sendable {
    public var requestLost = 0.0
    public var answerLost = 0.0
    public var answerCut = 0.0
    public var answerGarbled = 0.0
    /// One bit is another when the message arrives.
    public var requestFlipped = 0.0
    public var answerFlipped = 0.0
    /// The server gets the request a second time, later; the workstation gets whichever answer comes first.
    public var doubled = 0.0
    /// Something else answers: a captive portal, a proxy.
    public var impostor = 0.0
    /// The longest time that a message is on its way, in milliseconds.
    public var longestDelay: Int64 = 20

    public init() {}

    /// Every message arrives, and soon.
    public static let fair = Weather()
}
