/// Which requests a shared link shows the numbers of, as the API names and writes its filters. Those that are nil narrow nothing.
package struct LinkFilters: Codable, Sendable, Equatable {
  /// A template, a path, or a path with its query.
  package var endpoint: String?
  /// The path with `{id}` for the ids in it.
  package var template: String?
  /// As it was called, without its query.
  package var path: String?
  /// The method.
  package var method: String?
  /// Statuses, such as `404` or `5xx`.
  package var status: String?
  /// The id of the key that sent it.
  package var keyID: String?
  /// Who called.
  package var consumer: String?
  /// The customer's own version.
  package var release: String?
  /// It took at least so many milliseconds.
  package var minMs: String?
  /// It took at most so many milliseconds.
  package var maxMs: String?

  /// None.
  package init() {}

  /// As long as what is tracked may be.
  package static let maximumBytes = 2_048

  /// In bytes, of the longest.
  var longest: Int {
    [endpoint, template, path, method, status, keyID, consumer, release, minMs, maxMs].map { $0?.utf8.count ?? 0 }.max()
      ?? 0
  }
}
