/// What the server did with a batch. `accepted + duplicates + refused + invalid` is the number of its events.
public struct TrackReceipt: Sendable, Hashable {
  /// Counted now, durably.
  public var accepted = 0
  /// Had been counted before and were not counted again.
  public var duplicates = 0
  /// Not counted because the month's quota is used up. The same batch sent later has them decided again.
  public var refused = 0
  /// Not counted because something is wrong with them.
  public var invalid = 0
  /// One for each event that was not accepted, with the reason: the first 100 of a batch.
  public var results: [Result] = []
  /// How many more events were not accepted than `results` has reasons for.
  public var resultsOmitted = 0

  /// A receipt for nothing.
  public init() {}

  /// The sum of two receipts. Indices are those within each batch.
  public static func += (total: inout TrackReceipt, other: TrackReceipt) {
    total.accepted += other.accepted
    total.duplicates += other.duplicates
    total.refused += other.refused
    total.invalid += other.invalid
    total.results += other.results
    total.resultsOmitted += other.resultsOmitted
  }

  /// Why an event was not accepted.
  public struct Result: Sendable, Hashable, Codable {
    /// The event's ordinal: its number in its batch, from 0.
    public var index: Int
    /// `duplicate`, `refused`, `invalid` or `conflict`.
    public var outcome: String
    /// The URI of the problem's kind.
    public var type: String?
    /// The reason in words.
    public var detail: String?
    /// The field at fault, when it is one.
    public var field: String?
  }
}

extension TrackReceipt: Codable {
  private enum CodingKeys: String, CodingKey {
    case accepted, duplicates, refused, invalid, results
    case resultsOmitted = "results_omitted"
  }

  /// Reads the server's answer. The four counts must be there; without reasons the list is empty.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    accepted = try values.decode(Int.self, forKey: .accepted)
    duplicates = try values.decode(Int.self, forKey: .duplicates)
    refused = try values.decode(Int.self, forKey: .refused)
    invalid = try values.decode(Int.self, forKey: .invalid)
    results = try values.decodeIfPresent([Result].self, forKey: .results) ?? []
    resultsOmitted = try values.decodeIfPresent(Int.self, forKey: .resultsOmitted) ?? 0
  }
}
