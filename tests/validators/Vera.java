import java.io.FileInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Says of each file named on the command line whether it is PDF/A-3a and PDF/UA-1: a line for each, with its faults. */
public class Vera {
    private static final List<PDFAFlavour> FLAVOURS = List.of(PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1);

    public static void main(String[] files) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files) {
            try (InputStream stream = new FileInputStream(file);
                    PDFAParser parser = Foundries.defaultInstance().createParser(stream, FLAVOURS.get(0));
                    PDFAValidator validator =
                        Foundries.defaultInstance().createValidator(FLAVOURS, 5, false, false, false)) {
                for (ValidationResult result : validator.validateAll(parser)) {
                    TreeSet<String> faults = new TreeSet<>();
                    for (TestAssertion one : result.getTestAssertions()) {
                        if (one.getStatus() == TestAssertion.Status.FAILED) {
                            faults.add(one.getRuleId().getClause() + " " + one.getMessage());
                        }
                    }
                    System.out.println(String.join("\t", result.isCompliant() ? "PASS" : "FAIL",
                        result.getPDFAFlavour().getId(), file, String.join("; ", faults).replaceAll("\\s+", " ")));
                }
            }
        }
    }
}
