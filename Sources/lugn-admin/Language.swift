import Commands
import Operations

extension AdminWords.Language {
    /// What `--lang` says, or the environment.
    init(_ context: CommandContext) {
        if let text = context.value("lang"), let language = Self(rawValue: text) {
            self = language
            return
        }
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap(environment).first { !$0.isEmpty } ?? ""
        self = locale.hasPrefix("sv") ? .swedish : .english
    }
}
