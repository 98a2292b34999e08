"""Faults in what a house shows of itself: papers, photos, error pages."""

from dev.faults.fault import Fault

HOUSES = (
    Fault(
        "The link of a transfer is opened at the domain of another house",
        '    (Transfer, "code", f"ticket__booking__showtime__{_OF_THEATER}"),\n',
        "",
        "tests/houses/test_two_houses.py::test_every_link_leads_to_the_domain_of_its_house",
    ),
    Fault(
        "Papers lack the logo of the house",
        'return {"name": facts.name, "logo": logo, "ratio": ratio}',
        'return {"name": facts.name, "logo": "", "ratio": ratio}',
        "tests/houses/test_letterheads.py::test_a_house_with_a_logo_shows_it_with_its_name_for_readers",
    ),
    Fault(
        "Photos of a theater stand in the order in which they were stored",
        'ordering = ["place", "pk"]',
        'ordering = ["pk"]',
        "tests/boxoffice/test_theaters.py"
        "::TestMorePhotos::test_they_are_saved_again_and_shown_in_order_with_their_descriptions",
    ),
    Fault(
        "Files of photos that were taken away stay",
        "file.name for photo in TheaterPhoto.objects.filter(theater=form.instance) for file in photo.files",
        "file.name for photo in before for file in photo.files",
        "tests/boxoffice/test_theaters.py::TestMorePhotos::test_what_is_taken_away_or_replaced_leaves_no_file",
    ),
    Fault(
        "The page of our own errors does not say how we are reached",
        '"theater_contacts": contacts()}',
        '"theater_contacts": []}',
        "tests/theaters/test_contact.py::test_error_pages_say_how_to_reach_us",
    ),
    Fault(
        "A house cannot be saved again with its own domains",
        "House.objects.filter(domains__overlap=self.domains).exclude(pk=self.pk)",
        "House.objects.filter(domains__overlap=self.domains)",
        "tests/houses/test_colors.py::test_a_house_keeps_its_own_domains_when_it_is_saved_again",
    ),
    Fault(
        "An icon of any size is drawn for anybody",
        "if size not in SIZES or icon_version(house) != version:",
        "if icon_version(house) != version:",
        "tests/houses/test_house_icons.py::test_an_earlier_icon_is_gone_and_the_software_keeps_its_own",
    ),
)
