package io.github.dinosplat.vulkan;

/**
 * How many workgroups a dispatch starts along x and y. Work in one dimension is folded when it exceeds what every device
 * grants along x; the shader unfolds it with {@code flatGroup()} of {@code shared/dispatch.glsl}, and compares with its
 * count, because the last row may be longer than the work.
 *
 * @param x groups along x, 0 to 65,535
 * @param y groups along y, 0 to 65,535
 */
public record GroupCount(int x, int y) {

    /** What every device grants along each axis. */
    public static final int LIMIT = 65_535;

    /** Checks the ranges. */
    public GroupCount {
        if (x < 0 || x > LIMIT || y < 0 || y > LIMIT) {
            throw new IllegalArgumentException("group counts must be 0 to " + LIMIT + " but were " + x + ", " + y);
        }
    }

    /**
     * A number of groups in one dimension, folded.
     *
     * @param groups how many, 0 to 65,535²
     * @return counts along x and y with {@code x * y >= groups}
     */
    public static GroupCount of(long groups) {
        if (groups < 0 || groups > (long) LIMIT * LIMIT) {
            throw new IllegalArgumentException("groups must be 0 to " + (long) LIMIT * LIMIT + " but was " + groups);
        }
        return folded(groups, LIMIT);
    }

    private static GroupCount folded(long groups, int limit) {
        if (groups <= limit) {
            return new GroupCount((int) groups, groups == 0 ? 0 : 1);
        }
        long y = (groups + limit - 1) / limit;
        return new GroupCount((int) ((groups + y - 1) / y), (int) y);
    }

    /** The same in rows of at most so many groups, where there is one row. */
    GroupCount foldedAt(int limit) {
        return y == 1 && x > limit ? folded(x, limit) : this;
    }

    /**
     * Enough groups for a number of items.
     *
     * @param items how many, not negative
     * @param perGroup items that one group works on, positive
     * @return counts along x and y
     */
    public static GroupCount forItems(long items, int perGroup) {
        if (items < 0 || perGroup < 1) {
            throw new IllegalArgumentException(
                    "items must not be negative and perGroup positive but were " + items + ", " + perGroup);
        }
        return of((items + perGroup - 1) / perGroup);
    }
}
