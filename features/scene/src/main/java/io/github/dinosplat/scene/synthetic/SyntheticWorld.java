package io.github.dinosplat.scene.synthetic;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * A world of textured triangle meshes in daylight, with matt surfaces, that can be photographed with any camera from
 * anywhere: the same seed gives the same world, and the same photo, on every machine. Units are metres, z points up.
 * Immutable and safe for use by several threads.
 *
 * <p>Pixels are means over their area in linear light (4 rays, 16 where these differ), encoded as sRGB; texture detail that
 * a pixel can't show is left out. Depths are exact for the ray through the pixel's centre.
 */
public final class SyntheticWorld {

    private final Mesh mesh;
    private final RayTree tree;
    private final List<Texture> textures;

    /** A world of a finished mesh, still without normals and light. */
    SyntheticWorld(Mesh mesh, List<Texture> textures, double[] towardsSun, double reach) {
        this.mesh = mesh;
        this.textures = List.copyOf(textures);
        mesh.computeNormals();
        this.tree = new RayTree(mesh);
        Daylight.shine(mesh, tree, towardsSun, reach);
    }

    /**
     * A courtyard of about 9 by 8 metres seen from its open side (from negative y): three walls of bricks with reliefs and
     * niches, a floor of cobbles, crates and stone balls. It fills the view of cameras that stand near
     * {@code (0, -5, 1.8)} and look along +y.
     *
     * @param seed what makes worlds differ
     * @return the world
     */
    public static SyntheticWorld courtyard(long seed) {
        return Courtyard.build(seed);
    }

    /**
     * Hilly meadow of 200 by 200 metres around the origin with houses, to be seen from above.
     *
     * @param seed what makes worlds differ
     * @return the world
     */
    public static SyntheticWorld terrain(long seed) {
        return Terrain.build(seed);
    }

    /**
     * A front of identical bays, each {@value RepeatedFacade#BAY} metres wide, in the plane {@code y = 4} from {@code x = -7.2}
     * to 7.2, with cobbles before it that are the same nowhere. To be seen from {@code y = -1.5}, looking along +y.
     *
     * @param seed what makes worlds differ
     * @return the world
     */
    public static SyntheticWorld repeatedFacade(long seed) {
        return RepeatedFacade.build(seed);
    }

    /**
     * Takes a photo. Where a ray leaves the world the photo is a dull blue.
     *
     * @param camera camera of any model
     * @param camFromWorld pose
     * @return the photo
     */
    public Image render(Camera camera, Rigid3 camFromWorld) {
        return new Shutter(this, camera, camFromWorld).photo();
    }

    /**
     * The depth of every pixel's centre.
     *
     * @param camera camera of any model
     * @param camFromWorld pose
     * @return depth along the viewing axis in metres with confidence 1; 0 with confidence 0 where nothing is hit before the
     *     camera
     */
    public DepthMap depth(Camera camera, Rigid3 camFromWorld) {
        float[] depth = new float[camera.width() * camera.height()];
        float[] confidence = new float[depth.length];
        Vector3d centre = camFromWorld.targetOriginInSource();
        RayTree.Ray ray = new RayTree.Ray();
        for (int y = 0; y < camera.height(); y++) {
            for (int x = 0; x < camera.width(); x++) {
                Vector3d inCam = camera.direction(x + 0.5, y + 0.5);
                double axial = inCam.z;
                Vector3d d = camFromWorld.rotation().transformInverse(inCam);
                ray.set(centre.x, centre.y, centre.z, d.x, d.y, d.z, Double.MAX_VALUE);
                if (tree.hit(ray) && axial > 0) {
                    depth[y * camera.width() + x] = (float) (ray.distance * axial);
                    confidence[y * camera.width() + x] = 1;
                }
            }
        }
        return new DepthMap(camera.width(), camera.height(), depth, confidence);
    }

    /**
     * How far it is to the first surface.
     *
     * @param origin start of the ray in the world
     * @param direction direction of the ray in the world, of any length
     * @return distance in lengths of the direction, or empty when nothing is hit
     */
    public OptionalDouble distance(Vector3dc origin, Vector3dc direction) {
        RayTree.Ray ray = new RayTree.Ray();
        ray.set(origin.x(), origin.y(), origin.z(), direction.x(), direction.y(), direction.z(), Double.MAX_VALUE);
        return tree.hit(ray) ? OptionalDouble.of(ray.distance) : OptionalDouble.empty();
    }

    /**
     * Where a camera sees a point of a surface.
     *
     * @param camera camera
     * @param camFromWorld pose
     * @param pointInWorld point on a surface
     * @return pixel position if the point lies within the picture and nothing is before it
     */
    public Optional<org.joml.Vector2d> see(Camera camera, Rigid3 camFromWorld, Vector3dc pointInWorld) {
        return camera.project(camFromWorld.transform(pointInWorld))
                .filter(p -> p.x >= 0 && p.y >= 0 && p.x < camera.width() && p.y < camera.height())
                .filter(p -> {
                    Vector3d centre = camFromWorld.targetOriginInSource();
                    OptionalDouble hit = distance(centre, pointInWorld.sub(centre, new Vector3d()));
                    return hit.isEmpty() || hit.getAsDouble() > 1 - 1e-6;
                });
    }

    /**
     * Follows a ray and gives the light that comes back.
     *
     * @param ray ray, set
     * @param footprintAtOne size of a pixel at distance 1
     * @param linear receives linear red, green and blue
     * @return whether anything was hit
     */
    boolean trace(RayTree.Ray ray, double footprintAtOne, double[] linear) {
        if (!tree.hit(ray)) {
            linear[0] = 0.25;
            linear[1] = 0.35;
            linear[2] = 0.5;
            return false;
        }
        int a = 3 * mesh.corners[3 * ray.triangle];
        int b = 3 * mesh.corners[3 * ray.triangle + 1];
        int c = 3 * mesh.corners[3 * ray.triangle + 2];
        double wb = ray.second;
        double wc = ray.third;
        double wa = 1 - wb - wc;
        double[] t = mesh.textureCoordinates;
        textures.get(mesh.textures[ray.triangle])
                .colour(
                        wa * t[a] + wb * t[b] + wc * t[c],
                        wa * t[a + 1] + wb * t[b + 1] + wc * t[c + 1],
                        wa * t[a + 2] + wb * t[b + 2] + wc * t[c + 2],
                        ray.distance * footprintAtOne,
                        linear);
        double[] light = mesh.light;
        for (int k = 0; k < 3; k++) {
            linear[k] = linear[k] * linear[k] * (wa * light[a + k] + wb * light[b + k] + wc * light[c + k]);
        }
        return true;
    }
}
