package io.github.dinosplat.splat.train;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Which photo a step uses: all of them in each epoch, in an order that a hash of seed and epoch decides. */
final class PhotoOrder {

    private static final long STREAM = 0x6f72646572L;

    private final int photos;
    private final long seed;
    private int epoch = -1;
    private int[] order = new int[0];

    PhotoOrder(int photos, long seed) {
        this.photos = photos;
        this.seed = seed;
    }

    /** The photo of an iteration, whichever was asked for before. */
    int photo(int iteration) {
        if (iteration / photos != epoch) {
            epoch = iteration / photos;
            order = IntStream.range(0, photos)
                    .boxed()
                    .sorted(Comparator.comparingLong((Integer i) -> Hash.bits(seed ^ STREAM, epoch, i)))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
        return order[iteration % photos];
    }
}
