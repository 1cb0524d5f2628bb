package io.github.dinosplat.features;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import java.util.List;

/** Pictures of dense features: their three principal components as red, green and blue. */
public final class PcaPictures {

    private static final double LEAST_DEVIATION = 1e-12;

    private final PrincipalComponents components;

    private PcaPictures(PrincipalComponents components) {
        this.components = components;
    }

    /**
     * A basis for pictures.
     *
     * @param samples feature vectors of all the photos that will be shown, at least one; more than about 20,000 change
     *     nothing that can be seen
     * @return pictures with the samples' principal components as colours
     * @throws IllegalArgumentException if there is none or their lengths differ
     */
    public static PcaPictures fitted(List<float[]> samples) {
        return new PcaPictures(PrincipalComponents.fitted(samples, 3));
    }

    /**
     * Some of a map's feature vectors, evenly spaced.
     *
     * @param map feature map
     * @param most about how many at most
     * @return copies
     */
    public static List<float[]> samples(FeatureMap map, int most) {
        return PrincipalComponents.samples(List.of(map), Math.max(1, (int)
                Math.ceil((double) map.rows() * map.columns() / most)));
    }

    /**
     * Pictures of feature maps, with one basis for all, so that like things have like colours in all photos. Deterministic.
     *
     * @param maps feature maps of one method
     * @return one picture for each map, a pixel for each patch
     * @throws IllegalArgumentException if the maps have different numbers of channels
     */
    public static List<Image> of(List<FeatureMap> maps) {
        if (maps.isEmpty()) {
            return List.of();
        }
        PcaPictures pictures = new PcaPictures(PrincipalComponents.of(maps, 3));
        return maps.stream().map(pictures::picture).toList();
    }

    /**
     * The picture of a map.
     *
     * @param map feature map of the method that the samples came from
     * @return a pixel for each patch
     * @throws IllegalArgumentException if it has another number of channels than the samples
     */
    public Image picture(FeatureMap map) {
        FeatureMap reduced = components.reduce(map);
        byte[] rgb = new byte[map.rows() * map.columns() * 3];
        for (int i = 0; i < rgb.length; i++) {
            double value = reduced.value(i / 3 / map.columns(), i / 3 % map.columns(), i % 3);
            double p = value / Math.max(LEAST_DEVIATION, components.deviation(i % 3));
            rgb[i] = (byte) Math.round(255 / (1 + Math.exp(-1.5 * p)));
        }
        return new Image(map.columns(), map.rows(), rgb);
    }
}
