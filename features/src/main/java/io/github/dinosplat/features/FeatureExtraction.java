package io.github.dinosplat.features;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Features of many photos: the next photos are decoded while the network works on the ones before, and a few are in memory
 * at a time, however many there are.
 */
public final class FeatureExtraction {

    private FeatureExtraction() {}

    /** Takes the features of one photo after the other, in the order of the names. */
    @FunctionalInterface
    public interface Sink {

        /**
         * Takes the features of a photo.
         *
         * @param name name of the photo
         * @param features its features
         * @throws IOException if they cannot be kept; ends the work
         */
        void accept(String name, PhotoFeatures features) throws IOException;

        /**
         * Told instead that a photo could not be read or decoded.
         *
         * @param name name of the photo
         * @param why what came of reading it
         * @throws IOException to end the work, as is done unless a sink says otherwise
         */
        default void unreadable(String name, IOException why) throws IOException {
            throw why;
        }
    }

    /**
     * Extracts the features of photos. When this returns or throws, the network is no longer at work and may be closed.
     *
     * @param names names of the photos
     * @param photos their pixels
     * @param features the network
     * @param threads networks that run at once; one more thread decodes
     * @param sink takes the features, on the calling thread
     * @param progress told of each photo; stage {@code "features"}
     * @throws IOException if the network or the sink fails
     * @throws IllegalArgumentException if threads is not positive
     * @throws java.util.concurrent.CancellationException if progress asks to stop
     */
    public static void run(
            List<String> names, PhotoSource photos, DenseFeatures features, int threads, Sink sink, Progress progress)
            throws IOException {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
        }
        ExecutorService decoder = Executors.newSingleThreadExecutor(r -> daemon(r, "decode"));
        ExecutorService workers = Executors.newFixedThreadPool(threads, r -> daemon(r, "features"));
        try {
            Deque<Running> running = new ArrayDeque<>();
            int next = 0;
            for (int i = 0; i < names.size(); i++) {
                // One more than the workers can take, so that a decoded photo always waits for a free one.
                for (; next < Math.min(names.size(), i + threads + 1); next++) {
                    String name = names.get(next);
                    Future<Image> decoded = decoder.submit(() -> photos.read(name));
                    running.add(new Running(decoded, workers.submit(() -> {
                        progress.checkCancelled();
                        return features.extractGlobal(Parallel.result(decoded));
                    })));
                }
                take(names.get(i), running.remove(), sink);
                progress.update("features", i + 1L, names.size(), names.get(i));
                progress.checkCancelled();
            }
        } finally {
            decoder.shutdownNow();
            Parallel.end(workers);
        }
    }

    private static void take(String name, Running photo, Sink sink) throws IOException {
        try {
            Parallel.result(photo.decoded);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            sink.unreadable(name, e);
            return;
        }
        sink.accept(name, Parallel.result(photo.features));
    }

    /** A photo on its way. */
    private record Running(Future<Image> decoded, Future<PhotoFeatures> features) {}

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
