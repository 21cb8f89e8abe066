package dev.holdfast.interop;

import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectStoreContract;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// The contract of stores, on a real S3 server.
@Tag("slow")
class S3StoreContractTest {
  private static final AtomicInteger BUCKETS = new AtomicInteger();

  @TempDir static Path folder;
  private static S3Server server;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.in(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /// Objects below a prefix, listed in the present style.
  @Nested
  class BelowAPrefix extends OnAServer {
    BelowAPrefix() {
      super("some/prefix");
    }
  }

  /// Objects at the root of a bucket, listed in the old style, large ones sent in parts.
  @Nested
  class AtTheRoot extends OnAServer {
    AtTheRoot() {
      super("", "s3.list-objects-v1=true", "s3.multipart-above=5", "s3.connections=2");
    }
  }

  abstract static class OnAServer implements ObjectStoreContract {
    private final String prefix;
    private final String[] options;
    private String bucket = "";
    private ObjectStore store;
    private ObjectStore second;

    OnAServer(String prefix, String... options) {
      this.prefix = prefix;
      this.options = options;
    }

    @BeforeEach
    void open() {
      bucket = "contract-" + BUCKETS.incrementAndGet();
      store = server.store(bucket, prefix, options);
      store.create();
      second = server.store(bucket, prefix);
    }

    @AfterEach
    void close() {
      store.close();
      second.close();
    }

    @Override
    public ObjectStore store() {
      return store;
    }

    @Override
    public ObjectStore reopened() {
      return second;
    }
  }
}
