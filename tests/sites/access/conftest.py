"""One office a test."""

from tests.doubles.office_fixture import office as office
from tests.doubles.office_fixture import office_template as office_template
