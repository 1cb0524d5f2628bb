package io.github.dinosplat.matching.twoview;

/**
 * Two photos to be matched, by their index in the photo list.
 *
 * @param a index of the first photo
 * @param b index of the second photo, greater than {@code a}
 */
public record PhotoPair(int a, int b) implements Comparable<PhotoPair> {

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException unless 0 &lt;= a &lt; b
     */
    public PhotoPair {
        if (a < 0 || a >= b) {
            throw new IllegalArgumentException("a pair needs 0 <= a < b but was " + a + ", " + b);
        }
    }

    /**
     * The pair of two different photos in any order.
     *
     * @param i one photo
     * @param j the other photo
     * @return the pair with the smaller index first
     */
    public static PhotoPair of(int i, int j) {
        return new PhotoPair(Math.min(i, j), Math.max(i, j));
    }

    @Override
    public int compareTo(PhotoPair other) {
        return a != other.a ? Integer.compare(a, other.a) : Integer.compare(b, other.b);
    }
}
