package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.splat.Rendering;
import java.util.Arrays;
import java.util.List;
import org.joml.Vector3d;

/**
 * How the training photos were exposed: the affine colour map of each (see {@link PhotoParameters}), and for any other view a
 * mean of those that were taken near it and looked the same way. Splats alone look like the average photo; a camera that
 * exposes by what it sees would expose a new view like its neighbours.
 *
 * <p>The weights are Shepard's (1968), the inverse fourth power of the distance: the square root of the squared distance of the
 * centres, in units of the photos' greatest distance from their middle, plus the squared distance of the unit vectors along the
 * optical axes. So the map changes smoothly from view to view and is a photo's own at its place. Immutable.
 */
public final class PhotoColours {

    private static final int VALUES = PhotoParameters.COLOUR_VALUES;

    /** Closer than this, squared, is the same place. */
    private static final double SAME = 1e-12;

    private final List<View> photos;
    /** [P, 12] rows of [A | b]. */
    private final float[] maps;
    /** One by the unit of length. */
    private final double scale;

    /**
     * Colours of some photos.
     *
     * @param photos the photos with their poses
     * @param maps [P, 12] their colour maps [A | b], row-major; copied
     * @throws IllegalArgumentException if the length does not fit
     */
    public PhotoColours(List<View> photos, float[] maps) {
        if (maps.length != VALUES * photos.size()) {
            throw new IllegalArgumentException("expected colour maps [P=" + photos.size() + ", " + VALUES
                    + "] but their length was " + maps.length);
        }
        this.photos = List.copyOf(photos);
        this.maps = maps.clone();
        Vector3d middle = new Vector3d();
        photos.forEach(v -> middle.add(v.camFromWorld().targetOriginInSource().div(photos.size())));
        double radius = photos.stream()
                .mapToDouble(v -> middle.distance(v.camFromWorld().targetOriginInSource()))
                .max()
                .orElse(0);
        scale = radius > 0 ? 1 / radius : 0;
    }

    /** Colours as learnt for the photos in their order. */
    static PhotoColours of(List<View> photos, PhotoParameters learnt) {
        float[] maps = new float[VALUES * photos.size()];
        for (int i = 0; i < photos.size(); i++) {
            int from = PhotoParameters.STRIDE * i + PhotoParameters.COLOUR;
            System.arraycopy(learnt.values(), from, maps, VALUES * i, VALUES);
        }
        return new PhotoColours(photos, maps);
    }

    /**
     * The training photos.
     *
     * @return views with the poses that the colours were learnt for
     */
    public List<View> photos() {
        return photos;
    }

    /**
     * The photos' colour maps.
     *
     * @return [P, 12] rows of [A | b]; a copy
     */
    public float[] maps() {
        return maps.clone();
    }

    /**
     * Whether every photo is as the splats are, so that this changes nothing.
     *
     * @return true for identities alone
     */
    public boolean isIdentity() {
        for (int i = 0; i < maps.length; i++) {
            if (maps[i] != PhotoParameters.identity(i % VALUES)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The colour map of a view.
     *
     * @param camFromWorld the camera, in the frame of the photos
     * @return [12] rows of [A | b]
     */
    public float[] at(Rigid3 camFromWorld) {
        Vector3d centre = camFromWorld.targetOriginInSource();
        Vector3d axis = axis(camFromWorld);
        double[] sum = new double[VALUES];
        double weights = 0;
        for (int i = 0; i < photos.size(); i++) {
            Rigid3 photo = photos.get(i).camFromWorld();
            double squared = scale * scale * photo.targetOriginInSource().distanceSquared(centre)
                    + axis(photo).distanceSquared(axis);
            if (squared < SAME) {
                return Arrays.copyOfRange(maps, VALUES * i, VALUES * (i + 1));
            }
            double weight = 1 / (squared * squared);
            weights += weight;
            for (int k = 0; k < VALUES; k++) {
                sum[k] += weight * maps[VALUES * i + k];
            }
        }
        float[] map = new float[VALUES];
        for (int k = 0; k < VALUES; k++) {
            map[k] = weights > 0 ? (float) (sum[k] / weights) : PhotoParameters.identity(k);
        }
        return map;
    }

    private static Vector3d axis(Rigid3 camFromWorld) {
        return camFromWorld.rotation().transformInverse(new Vector3d(0, 0, 1));
    }

    /**
     * A picture of the splats, exposed as a photo from its place would be.
     *
     * @param rendering what the splats look like
     * @param camFromWorld the camera, in the frame of the photos
     * @return the same with mapped colours; itself where {@link #isIdentity}
     */
    public Rendering exposed(Rendering rendering, Rigid3 camFromWorld) {
        if (isIdentity()) {
            return rendering;
        }
        float[] map = at(camFromWorld);
        float[] from = rendering.rgb();
        float[] to = new float[from.length];
        for (int i = 0; i < from.length; i++) {
            int row = i % 3 * 4;
            int pixel = i - i % 3;
            to[i] = map[row] * from[pixel]
                    + map[row + 1] * from[pixel + 1]
                    + map[row + 2] * from[pixel + 2]
                    + map[row + 3];
        }
        return rendering.withRgb(to);
    }
}
