import Application
import Domain
import Foundation

extension Shape {
  /// An answer that is a page of entries.
  static func page<Entry, Place>(
    _ name: String, of entry: Shape<Entry>, _ note: String? = nil, cursor: @escaping @Sendable (Place) -> Cursor
  ) -> Shape where Value == Answered<Page<Entry, Place>> {
    Shape([
      .list(name, of: entry, note) { $0.value.entries },
      .nextCursor { $0.value.next.map(cursor) },
      .asOf { $0.asOf },
    ])
  }

  /// The same of a list that is ordered by time.
  static func page<Entry>(
    _ name: String, of entry: Shape<Entry>, _ note: String? = nil
  ) -> Shape where Value == Answered<Page<Entry, TimePlace>> {
    page(name, of: entry, note) { Cursor($0.time, $0.id) }
  }
}

extension Field {
  /// Where a page ended.
  static func nextCursor(_ get: @escaping Get<Cursor?>) -> Field {
    Field("next_cursor", Schema.string.orNull, note: "`cursor` of the next page; null on the last.") {
      get($0).map { .string($0.text) } ?? .null
    }
  }

  /// What an answer is as of.
  static func asOf(_ get: @escaping Get<AsOf>) -> Field { .one("as_of", .asOf) { get($0) } }
}

extension Shape where Value == AsOf {
  static var asOf: Shape {
    Shape(
      "AsOf", note: "How far behind its shard's log the answer is.",
      [
        .integer("position", "The last event the answer knows of.") { $0.position },
        .optionalTime("time", "When that event was recorded.") { $0.time },
        .integer("log_position", "The log's last event.") { $0.logPosition },
        .integer("behind") { $0.logPosition.subtractingSaturating($0.position) },
      ])
  }
}

extension Parameter where Value == TimePlace? {
  /// Where the page before ended, of a list that is ordered by time.
  static var place: Self {
    Parameter.cursor { parameters in
      try parameters.cursor(Instant.self, UUID.self).map { TimePlace(time: $0, id: $1) }
    }
  }
}
