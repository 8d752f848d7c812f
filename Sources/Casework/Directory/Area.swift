/// Where an organisation is there for people: a municipality, a county, or the whole country.
public struct Area: Hashable, Sendable {
    /// By its name; nil: all of the county.
    public var municipality: String?
    /// Nil: the whole country, or not known.
    public var county: County?

    public init(municipality: String? = nil, county: County? = nil) {
        self.municipality = municipality
        self.county = county
    }

    /// The whole country.
    public static let everywhere = Area()

    /// Reads what people write: `Botkyrka`, `Göteborgs stad`, `Örebro län`, `hela landet`.
    ///
    /// A municipality brings its county. Errors: `badValue` for what is none.
    public init(typed text: String) throws(CaseworkError) {
        if let area = Area(known: text) {
            self = area
        } else {
            throw CaseworkError(
                .badValue,
                "area"
            )
        }
    }

    /// Nil for what is no municipality, county or country.
    init?(known text: String) {
        if let found = Municipalities.find(text) {
            self.init(municipality: found.name, county: found.county)
        } else if let county = County(named: text) {
            self.init(county: county)
        } else if [
            "helalandet", "helasverige", "sverige", "nationell", "nationellt", "everywhere", "thewholecountry",
            "sweden",
        ]
        .contains(PlainText.letters(text)) {
            self = .everywhere
        } else {
            return nil
        }
    }

    /// `Botkyrka, Stockholms län`; nil for the whole country, which has no name of its own.
    public var text: String? {
        let parts = [municipality, county?.name].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// Whether what is there for this area is there for somebody in the other one.
    ///
    /// Of somebody of whom only the county is known, all of its municipalities may be meant.
    public func serves(_ other: Area) -> Bool {
        guard let county, let wanted = other.county else { return true }
        guard county == wanted else { return false }
        guard let municipality, let place = other.municipality else { return true }
        return PlainText.letters(municipality) == PlainText.letters(place)
    }
}
