"""All subjects, one after the other: they share a sandbox. One line per test, and all of what went wrong."""
import pathlib
import sys
import unittest


class Lines(unittest.TestResult):
    def addSuccess(self, test):
        print("python ", test.shortDescription(), flush=True)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.tell(test, self.failures)

    def addError(self, test, error):
        super().addError(test, error)
        self.tell(test, self.errors)

    def tell(self, test, told):
        print("python  FAILED", test.shortDescription() or test, told[-1][1], sep="\n", flush=True)


result = Lines()
unittest.defaultTestLoader.discover(str(pathlib.Path(__file__).parent), "test_*.py").run(result)
print(f"python  {result.testsRun} tests, {len(result.failures) + len(result.errors)} failed")
sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)
