import boofcv.abst.feature.describe.ConfigSurfDescribe;
import boofcv.abst.feature.describe.DescribePointRadiusAngle;
import boofcv.factory.feature.describe.FactoryDescribePointRadiusAngle;
import boofcv.struct.feature.TupleDesc_F64;
import boofcv.struct.image.GrayF32;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * BoofCV's SURF at patch centres, upright, radius 48: reads pictures (width, height, grey bytes), writes 64 floats for each 16 x 16 pixels of each,
 * big-endian, until there are no more.
 */
public final class Surf {

    private static final int PATCH = 16;
    /** The best of 16, 32 and 48 on the WxBS and EVD pairs: 3.6, 7.9, 9.0. */
    private static final int RADIUS = 48;

    public static void main(String[] args) throws IOException {
        DescribePointRadiusAngle<GrayF32, TupleDesc_F64> surf =
                FactoryDescribePointRadiusAngle.surfStable(new ConfigSurfDescribe.Stability(), GrayF32.class);
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        TupleDesc_F64 described = surf.createDescription();
        for (int width = next(in); width > 0; width = next(in)) {
            GrayF32 picture = new GrayF32(width, in.readInt());
            byte[] grey = in.readNBytes(width * picture.height);
            for (int i = 0; i < grey.length; i++) {
                picture.data[i] = grey[i] & 0xff;
            }
            surf.setImage(picture);
            for (int y = PATCH / 2; y < picture.height; y += PATCH) {
                for (int x = PATCH / 2; x < width; x += PATCH) {
                    surf.process(x, y, 0, RADIUS, described);
                    for (double value : described.data) {
                        out.writeFloat((float) value);
                    }
                }
            }
            out.flush();
        }
    }

    private static int next(DataInputStream in) throws IOException {
        byte[] head = in.readNBytes(4);
        return head.length < 4 ? 0 : java.nio.ByteBuffer.wrap(head).getInt();
    }
}
