package dev.holdfast.benchmarks;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.SplittableRandom;

/// Rows of an order table: text of a skewed vocabulary, numbers, random tokens. The same seed gives
/// the same vocabulary, the same state of the random numbers the same rows.
final class OrderRows {
  static final String TABLE =
      "CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER NOT NULL,"
          + " placed_at INTEGER NOT NULL, token TEXT NOT NULL, amount_cents INTEGER NOT NULL,"
          + " note TEXT NOT NULL)";
  static final String TOKEN_INDEX = "CREATE INDEX orders_token ON orders(token)";
  static final String CUSTOMER_INDEX =
      "CREATE INDEX orders_customer ON orders(customer, placed_at)";
  static final String INSERT =
      "INSERT INTO orders(customer, placed_at, token, amount_cents, note) VALUES(?,?,?,?,?)";

  private static final int CUSTOMERS = 200_000;
  private static final int AMOUNTS = 1_000_000;

  private final SplittableRandom random;
  private final OrderText text;
  private long placedAt;

  private OrderRows(SplittableRandom random, OrderText text, long placedAt) {
    this.random = random;
    this.text = text;
    this.placedAt = placedAt;
  }

  /// The rows from the first on.
  ///
  /// @param rowBytes mean length of the free text in a row
  static OrderRows first(long seed, int rowBytes) {
    SplittableRandom random = new SplittableRandom(seed);
    return new OrderRows(random, new OrderText(random, rowBytes), 1_700_000_000L);
  }

  /// Other rows, later in time, of the same vocabulary.
  static OrderRows later(long seed, int rowBytes, SplittableRandom random) {
    return new OrderRows(
        random, new OrderText(new SplittableRandom(seed), rowBytes), 1_800_000_000L);
  }

  /// Sets the parameters of [#INSERT] to the next row.
  void bind(PreparedStatement insert) throws SQLException {
    placedAt += random.nextInt(30);
    insert.setLong(1, OrderText.skewed(random, CUSTOMERS));
    insert.setLong(2, placedAt);
    insert.setString(3, Long.toHexString(random.nextLong()));
    insert.setLong(4, amount());
    insert.setString(5, text.next(random));
  }

  int amount() {
    return random.nextInt(AMOUNTS);
  }
}
