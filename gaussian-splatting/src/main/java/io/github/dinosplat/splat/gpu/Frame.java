package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.scan.ExclusiveScan;
import io.github.dinosplat.vulkan.sort.KeysAndPayloads;
import io.github.dinosplat.vulkan.sort.RadixSort;

/**
 * The memory of one view's step on the device, kept from step to step and grown when needed: projected Gaussians, hits,
 * picture planes, gradients.
 */
final class Frame implements AutoCloseable {

    /** Which word of the status is the number of visible Gaussians, and which that of listed hits. */
    static final int VISIBLE_WORD = 0;

    static final int HITS_WORD = 2;

    /** Words of {@code Status} in {@code shared/step.glsl}. */
    static final int STATUS_WORDS = 5 + 2 * 28;

    /** Rows of partial sums of the loss, by squares of pixels. */
    static final int SUMS = 19;

    /** Rows of partial sums of the gradient by the pose; in the status behind those of the loss. */
    static final int POSE_SUMS = 6;

    /** Side of the squares of pixels that the loss is taken in. */
    static final int SQUARE = 16;

    /** What the projection leaves of each Gaussian, [N] unless said otherwise. */
    static final class PerGaussian {
        final ExclusiveScan scan;
        final RadixSort depthSort;
        final DeviceBuffer splats;
        final DeviceBuffer hitCounts;
        final DeviceBuffer visible;
        final DeviceBuffer places;
        final KeysAndPayloads byDepth;
        final KeysAndPayloads otherByDepth;
        final DeviceBuffer ordered;
        final DeviceBuffer starts;
        final DeviceBuffer firstSlots;
        final DeviceBuffer gradients;
        final DeviceBuffer poseSums;

        private PerGaussian(Maker make, int room, int values) {
            long n = room;
            scan = make.scope().add(ExclusiveScan.create(make.context(), room));
            depthSort = make.scope().add(RadixSort.create(make.context(), room));
            splats = make.of("splats", 64 * n);
            hitCounts = make.of("hit counts", 4 * n);
            visible = make.of("visible", 4 * n);
            places = make.of("places", 4 * n);
            byDepth = new KeysAndPayloads(make.of("depth keys", 4 * n), make.of("depth order", 4 * n));
            otherByDepth = new KeysAndPayloads(make.of("other depth keys", 4 * n), make.of("other depth order", 4 * n));
            ordered = make.of("ordered counts", 4 * n);
            starts = make.of("slot starts by rank", 4 * n);
            firstSlots = make.of("first slots", 4 * n);
            gradients = make.of("gradients", 4 * values * n);
            poseSums = make.of("pose sums", 4 * POSE_SUMS * (n / Stages.UPDATED_BY_GROUP + 1));
        }
    }

    /** What there is of each hit of a Gaussian on a tile. */
    static final class PerHit {
        final RadixSort tileSort;
        final KeysAndPayloads byTile;
        final KeysAndPayloads otherByTile;
        final DeviceBuffer slotGaussians;
        final DeviceBuffer gradients;

        private PerHit(Maker make, int room, int values) {
            long n = room;
            tileSort = make.scope().add(RadixSort.create(make.context(), room));
            byTile = new KeysAndPayloads(make.of("slot tiles", 4 * n), make.of("slots", 4 * n));
            otherByTile = new KeysAndPayloads(make.of("other slot tiles", 4 * n), make.of("other slots", 4 * n));
            slotGaussians = make.of("slot Gaussians", 4 * n);
            gradients = make.of("hit gradients", 4 * values * n);
        }
    }

    /** The planes of a picture, [height, width]. */
    static final class PerPixel {
        final DeviceBuffer photo;
        final DeviceBuffer depthTarget;
        final DeviceBuffer picture;
        final DeviceBuffer depth;
        final DeviceBuffer gradient;
        final DeviceBuffer depthGradient;
        final DeviceBuffer derivatives;
        final DeviceBuffer ranges;
        final DeviceBuffer tileEnds;
        final DeviceBuffer sums;

        private PerPixel(Maker make, long pixels, long squares) {
            photo = make.of("photo", 4 * pixels);
            depthTarget = make.of("depth target", 8 * pixels);
            picture = make.of("picture", 16 * pixels);
            depth = make.of("depth", 4 * pixels);
            gradient = make.of("picture gradient", 16 * pixels);
            depthGradient = make.of("depth gradient", 4 * pixels);
            derivatives = make.of("similarity derivatives", 36 * pixels);
            ranges = make.of("tile ranges", 8 * squares);
            tileEnds = make.of("tile ends", 4 * squares);
            sums = make.of("loss sums", 4 * SUMS * squares);
        }
    }

    /** Makes what belongs together; it is freed together. */
    private record Maker(VulkanContext context, Scope scope) {

        DeviceBuffer of(String name, long bytes) {
            return scope.add(context.buffer(name, bytes));
        }
    }

    final DeviceBuffer step;
    final DeviceBuffer status;
    final DeviceBuffer total;

    /** What only some steps need. */
    final TermMemory terms;

    /** One word: 1 from a step on whose hits had no room, so that those behind it change nothing either. */
    final DeviceBuffer stalled;

    private final Scope scope;
    private final Maker gaussians;
    private final Maker hits;
    private final Maker pixels;
    private int gaussianRoom = 1;
    private int hitRoom = 1;
    private int hitValues = StepTerms.HIT_VALUES;
    private int pixelRoom = 1;
    private int squareRoom = 1;
    private long generation;
    PerGaussian perGaussian;
    PerHit perHit;
    PerPixel perPixel;

    private Frame(VulkanContext context, Scope scope) {
        this.scope = scope;
        Maker fixed = new Maker(context, scope);
        step = fixed.of("step", StepBlock.BYTES);
        status = fixed.of("status", 4 * STATUS_WORDS);
        total = fixed.of("hit total", 4);
        stalled = fixed.of("stalled", 4);
        terms = scope.add(new TermMemory(context));
        gaussians = new Maker(context, scope.add(new Scope()));
        perGaussian = new PerGaussian(gaussians, gaussianRoom, hitValues);
        hits = new Maker(context, scope.add(new Scope()));
        perHit = new PerHit(hits, hitRoom, hitValues);
        pixels = new Maker(context, scope.add(new Scope()));
        perPixel = new PerPixel(pixels, pixelRoom, squareRoom);
    }

    /** Memory with room for next to nothing. */
    static Frame open(VulkanContext context) {
        return Scope.allOrNothing(scope -> new Frame(context, scope));
    }

    /** How often memory was replaced: a recording is good for the generation in which it was made. */
    long generation() {
        return generation;
    }

    /** How many hits there is room for. */
    int hitRoom() {
        return hitRoom;
    }

    /** Makes room for so many Gaussians and, for their growth to come, a quarter more. */
    void reserveGaussians(int count) {
        if (count > gaussianRoom) {
            int room = (int) Math.min(Integer.MAX_VALUE - 64, count + count / 4L);
            generation++;
            gaussians.scope().close();
            gaussianRoom = 0;
            perGaussian = new PerGaussian(gaussians, room, hitValues);
            gaussianRoom = room;
        }
    }

    /** Makes room for the sums and planes of a step on a picture of so many pixels. */
    void reserveTerms(StepTerms wanted, long newPixels) {
        if (terms.reserve(wanted, newPixels)) {
            generation++;
        }
        if (wanted.hitValues() > hitValues) {
            int gaussiansThen = gaussianRoom;
            int hitsThen = hitRoom;
            hitValues = wanted.hitValues();
            gaussianRoom = 0;
            hitRoom = 0;
            reserveExactly(gaussiansThen, hitsThen);
        }
    }

    private void reserveExactly(int newGaussians, int newHits) {
        generation++;
        gaussians.scope().close();
        hits.scope().close();
        perGaussian = new PerGaussian(gaussians, newGaussians, hitValues);
        gaussianRoom = newGaussians;
        perHit = new PerHit(hits, newHits, hitValues);
        hitRoom = newHits;
    }

    /** Makes room for so many hits and a quarter more. */
    void reserveHits(long count) {
        if (count > hitRoom) {
            int room = (int) Math.min(Integer.MAX_VALUE / hitValues - 8, count + count / 4 + 1024);
            if (room < count) {
                throw new IllegalStateException("the picture needs " + count + " tile hits but at most " + room
                        + " are possible; train on smaller photos or with fewer Gaussians");
            }
            generation++;
            hits.scope().close();
            hitRoom = 0;
            perHit = new PerHit(hits, room, hitValues);
            hitRoom = room;
        }
    }

    void reservePicture(int newPixels, int newSquares) {
        if (newPixels > pixelRoom || newSquares > squareRoom) {
            int pixelsThen = Math.max(newPixels, pixelRoom);
            int squaresThen = Math.max(newSquares, squareRoom);
            generation++;
            pixels.scope().close();
            pixelRoom = 0;
            squareRoom = 0;
            perPixel = new PerPixel(pixels, pixelsThen, squaresThen);
            pixelRoom = pixelsThen;
            squareRoom = squaresThen;
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
