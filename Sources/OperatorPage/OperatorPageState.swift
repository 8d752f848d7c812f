import LocalPage
import Operations
import Support

/// What all requests share.
final class OperatorPageState: Sendable {
    let source: any OperatorSource
    let rules: PageRules
    let launches = Launches()
    let language: AdminWords.Language
    let wallMilliseconds: @Sendable () -> Int64
    let looks: Looks
    private let port: UInt16
    private let folder: String
    private let openAgain: @Sendable (String) -> Void
    private let bearers = Lock<[String]>([])
    private let lastReopening = Lock<Int64?>(nil)

    /// More pages than anybody has open; the oldest is closed.
    private static let bearerLimit = 16
    private static let reopeningMilliseconds: Int64 = 5_000

    init(
        _ source: any OperatorSource, port: UInt16, folder: String, language: AdminWords.Language,
        wallMilliseconds: @escaping @Sendable () -> Int64, openAgain: @escaping @Sendable (String) -> Void
    ) {
        self.source = source
        self.port = port
        self.folder = folder
        self.language = language
        self.wallMilliseconds = wallMilliseconds
        self.openAgain = openAgain
        rules = PageRules(host: "127.0.0.1:\(port)")
        looks = Looks(source)
    }

    /// A bearer for a page that was opened.
    func begin() -> String {
        let bearer = newSecret()
        bearers.withLock { bearers in
            if bearers.count >= Self.bearerLimit { bearers.removeFirst() }
            bearers.append(bearer)
        }
        return bearer
    }

    /// Looks at all of them, so that the time does not tell which came close.
    func knows(_ bearer: String) -> Bool { bearers.withLock { $0.filter { areEqual($0, bearer) }.count == 1 } }

    func makeStartFile() throws -> String {
        let words = AdminWords(language)
        let path = folder + "/open-lugn-admin.html"
        try StartFile.write(
            path, port: port, secret: launches.make(now: wallMilliseconds()), language: language.rawValue,
            title: words("page.name"), button: words("page.open"))
        return path
    }

    /// Opens the page in the operator's browser again. Whoever asks for it gets nothing by it; now and then only.
    func reopen() {
        let now = wallMilliseconds()
        let mayOpen = lastReopening.withLock { last in
            if let before = last, now - before < Self.reopeningMilliseconds, now >= before { return false }
            last = now
            return true
        }
        guard mayOpen else { return }
        do {
            openAgain(try makeStartFile())
        } catch {
            openAgain("")  // the caller says that it could not be written
        }
    }
}
