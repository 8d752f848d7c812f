/// How bad a run's network is: the probability of each misfortune, per message.
struct Weather: Hashable, Sendable {
    var requestLost = 0.0
    var answerLost = 0.0
    var answerCut = 0.0
    var answerGarbled = 0.0
    /// The server gets the request a second time, later; the workstation gets whichever answer comes first.
    var doubled = 0.0
    /// Something else answers: a captive portal, a proxy.
    var impostor = 0.0
    /// The longest time that a message is on its way, in milliseconds.
    var longestDelay: Int64 = 20

    static let fair = Weather()
}
