/// The counties of Sweden (län), in the order of their official codes.
public enum County: String, Choice {
    case stockholm
    case uppsala
    case sodermanland
    case ostergotland
    case jonkoping
    case kronoberg
    case kalmar
    case gotland
    case blekinge
    case skane
    case halland
    case vastraGotaland
    case varmland
    case orebro
    case vastmanland
    case dalarna
    case gavleborg
    case vasternorrland
    case jamtland
    case vasterbotten
    case norrbotten
    public static let topic = "county"

    /// As it is written: `Västra Götalands län`.
    public var name: String {
        switch self {
        case .stockholm: "Stockholms län"
        case .uppsala: "Uppsala län"
        case .sodermanland: "Södermanlands län"
        case .ostergotland: "Östergötlands län"
        case .jonkoping: "Jönköpings län"
        case .kronoberg: "Kronobergs län"
        case .kalmar: "Kalmar län"
        case .gotland: "Gotlands län"
        case .blekinge: "Blekinge län"
        case .skane: "Skåne län"
        case .halland: "Hallands län"
        case .vastraGotaland: "Västra Götalands län"
        case .varmland: "Värmlands län"
        case .orebro: "Örebro län"
        case .vastmanland: "Västmanlands län"
        case .dalarna: "Dalarnas län"
        case .gavleborg: "Gävleborgs län"
        case .vasternorrland: "Västernorrlands län"
        case .jamtland: "Jämtlands län"
        case .vasterbotten: "Västerbottens län"
        case .norrbotten: "Norrbottens län"
        }
    }

    /// The county that a text names: `Örebro län`, `region skåne`, `Värmland`, `vastraGotaland`; nil for anything else.
    ///
    /// `Stockholm` alone mostly is the municipality: ``Area/init(typed:)`` looks for those first.
    init?(named text: String) {
        let plain = PlainText.letters(text)
        let found = Self.allCases.first { county in
            let short = PlainText.letters(county.name).dropLast(3)
            let region = short.last == "s" ? short.dropLast() : short
            let names = [short + "län", short, region, "region" + region, "region" + short]
            return names.contains { $0 == plain } || PlainText.letters(county.rawValue) == plain
        }
        guard let found else { return nil }
        self = found
    }
}
