package dev.holdfast.engine.source.sqlite;

/// Which frame of the log holds a page, for the pages that the database file does not have in the
/// state of the image. Two ints for each place, no objects; not thread-safe while it is filled,
/// safe for readers afterwards.
final class FrameMap {
  private static final int FIRST_CAPACITY = 1024;
  private static final int MIX = 0x9E3779B9;

  private int[] pages = new int[FIRST_CAPACITY];
  private int[] frames = new int[FIRST_CAPACITY];
  private int size;

  /// Page `page` is in frame `frame`, both counted from 1 and as unsigned; a later frame replaces
  /// an earlier one.
  void put(int page, int frame) {
    if (page == 0 || frame == 0) {
      throw new IllegalArgumentException("page " + page + " in frame " + frame);
    }
    if (size * 2 >= pages.length) {
      grow();
    }
    int slot = slotOf(page, pages);
    if (pages[slot] == 0) {
      pages[slot] = page;
      size++;
    }
    frames[slot] = frame;
  }

  /// The frame that holds `page`, or 0.
  int frameOf(int page) {
    return frames[slotOf(page, pages)];
  }

  int size() {
    return size;
  }

  private void grow() {
    int[] morePages = new int[Math.multiplyExact(pages.length, 2)];
    int[] moreFrames = new int[morePages.length];
    for (int i = 0; i < pages.length; i++) {
      if (pages[i] != 0) {
        int slot = slotOf(pages[i], morePages);
        morePages[slot] = pages[i];
        moreFrames[slot] = frames[i];
      }
    }
    pages = morePages;
    frames = moreFrames;
  }

  /// Where `page` is, or would be: at least half of the places are free.
  private static int slotOf(int page, int[] table) {
    int mask = table.length - 1;
    int slot = (page * MIX) >>> Integer.numberOfLeadingZeros(mask);
    while (table[slot] != 0 && table[slot] != page) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
