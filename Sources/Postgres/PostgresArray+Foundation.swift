public import Foundation

extension UUID: PostgresArrayElement {}
extension Date: PostgresArrayElement {}
