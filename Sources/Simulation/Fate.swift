import HTTPClient
import Support

/// What the network does with one request and its answers, drawn when it is sent.
struct Fate {
    var isRequestLost = false
    var isAnswerLost = false
    var isCut = false
    var isGarbled = false
    /// Which bit of the request, and of the answer, is another, modulo their lengths.
    var flippedBits: (Int?, Int?)
    /// Whether a loss is noticed at once, or only when the time is over.
    var failsFast = false
    /// How long the request and the answer are on their way, in milliseconds.
    var delays: (Int64, Int64)
    /// After how long the request reaches the server a second time.
    var repeatDelay: Int64?
    var impostor: HTTPClientResponse?

    init(_ weather: Weather, _ random: inout RandomSource) {
        func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &random) < probability }
        func delay() -> Int64 { Int64.random(in: 1...weather.longestDelay, using: &random) }
        isRequestLost = chance(weather.requestLost)
        isAnswerLost = chance(weather.answerLost)
        isCut = chance(weather.answerCut)
        isGarbled = chance(weather.answerGarbled)
        func flipped(_ probability: Double) -> Int? {
            chance(probability) ? Int.random(in: 0..<1 << 30, using: &random) : nil
        }
        flippedBits = (flipped(weather.requestFlipped), flipped(weather.answerFlipped))
        failsFast = chance(0.7)
        delays = (delay(), delay())
        if chance(weather.doubled) { repeatDelay = delay() + delay() }
        if chance(weather.impostor) {
            let status = [200, 403, 413, 502][Int.random(in: 0..<4, using: &random)]
            impostor = HTTPClientResponse(
                status: status, headers: [("Content-Type", "text/html")], body: Array("<html>Welcome!</html>".utf8))
        }
    }
}
