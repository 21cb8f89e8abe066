package dev.holdfast.engine.source.sqlite;

import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;

/// A process that carries out statements on a database and then keeps it as it is until it is
/// killed or its input ends.
public final class Holder {
  private Holder() {}

  /// Arguments: database, statements.
  public static void main(String[] args) throws Exception {
    try (Connection connection = Bank.connect(Path.of(args[0]));
        Statement statement = connection.createStatement()) {
      for (int i = 1; i < args.length; i++) {
        statement.execute(args[i]);
      }
      System.out.println("ready");
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
