package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HoldoutTest {

    private static final List<String> PHOTOS = List.of("c.jpg", "a.jpg", "e.jpg", "b.jpg", "d.jpg");

    @Test
    void takesEveryKthByNameStartingWithTheFirst() {
        assertThat(Holdout.every(2).among(PHOTOS)).containsExactly("a.jpg", "c.jpg", "e.jpg");
        assertThat(Holdout.every(8).among(PHOTOS)).containsExactly("a.jpg");
        assertThat(Holdout.NONE.among(PHOTOS)).isEmpty();
    }

    @Test
    void takesNames() {
        assertThat(Holdout.named(List.of("d.jpg", "b.jpg")).among(PHOTOS)).containsExactly("b.jpg", "d.jpg");
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> Holdout.every(1)).hasMessageContaining("at least 2");
        assertThatThrownBy(() -> Holdout.named(List.of("z.jpg")).among(PHOTOS)).hasMessageContaining("z.jpg");
        assertThatThrownBy(() -> Holdout.every(3).among(List.of("one.jpg"))).hasMessageContaining("all 1");
    }
}
