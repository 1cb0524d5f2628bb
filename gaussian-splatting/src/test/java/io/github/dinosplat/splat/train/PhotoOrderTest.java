package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhotoOrderTest {

    private static int[] first(PhotoOrder order, int n) {
        return IntStream.range(0, n).map(order::photo).toArray();
    }

    @Test
    void usesEveryPhotoOnceAnEpochInChangingOrder() {
        int[] order = first(new PhotoOrder(10, 3), 40);
        for (int epoch = 0; epoch < 4; epoch++) {
            assertThat(IntStream.of(order).skip(10L * epoch).limit(10).sorted().toArray())
                    .isEqualTo(IntStream.range(0, 10).toArray());
        }
        assertThat(IntStream.of(order).limit(10).toArray())
                .isNotEqualTo(IntStream.of(order).skip(10).limit(10).toArray());
        assertThat(first(new PhotoOrder(10, 4), 40)).isNotEqualTo(order);
    }

    @Test
    void doesNotDependOnWhereItStarts() {
        int[] order = first(new PhotoOrder(7, 3), 30);
        PhotoOrder late = new PhotoOrder(7, 3);
        for (int i : new int[] {29, 3, 15, 0}) {
            assertThat(late.photo(i)).isEqualTo(order[i]);
        }
    }
}
