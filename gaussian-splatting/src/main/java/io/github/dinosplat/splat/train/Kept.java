package io.github.dinosplat.splat.train;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.function.ToLongFunction;

/**
 * Things that can be made again, like pictures read from files: kept as long as they fit in a bound, those longest unused
 * let go first. All of them give way before Java runs out of memory. Safe for use by several threads.
 *
 * @param <K> what a thing is found by
 * @param <V> the things, always the same for a key
 */
final class Kept<K, V> {

    private final long mostBytes;
    private final ToLongFunction<V> bytes;
    private final LinkedHashMap<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long keptBytes;

    /** A thing, as long as memory lasts. */
    private record Entry<V>(SoftReference<V> value, long bytes) {}

    /** Makes a thing. */
    @FunctionalInterface
    interface Maker<V> {
        V make() throws IOException;
    }

    /**
     * Keeps nothing yet.
     *
     * @param mostBytes how much may be kept; the last thing that was made is, however large
     * @param bytes size of a thing
     */
    Kept(long mostBytes, ToLongFunction<V> bytes) {
        this.mostBytes = mostBytes;
        this.bytes = bytes;
    }

    /** The thing of a key; two threads that ask at the same time may both make it. */
    V get(K key, Maker<V> maker) throws IOException {
        synchronized (entries) {
            Entry<V> entry = entries.get(key);
            V value = entry == null ? null : entry.value.get();
            if (value != null) {
                return value;
            }
        }
        V made = maker.make();
        put(key, new Entry<>(new SoftReference<>(made), bytes.applyAsLong(made)));
        return made;
    }

    private void put(K key, Entry<V> entry) {
        synchronized (entries) {
            Entry<V> before = entries.put(key, entry);
            keptBytes += entry.bytes - (before == null ? 0 : before.bytes);
            var oldest = entries.values().iterator();
            while (keptBytes > mostBytes && entries.size() > 1) {
                keptBytes -= oldest.next().bytes;
                oldest.remove();
            }
        }
    }
}
