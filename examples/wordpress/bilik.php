<?php
/**
 * Plugin Name: Bilik
 * Description: The lookup of polling stations (TPS) in posts and pages: the block "Cari TPS" and the shortcode [bilik].
 * Version: 0.1.0
 * Requires at least: 5.8
 * Requires PHP: 7.4
 * License: MIT OR Apache-2.0
 * Text Domain: bilik
 *
 * One file: put it into wp-content/plugins/, activate it, and name the election's site under Settings > Reading. The plugin sets no
 * cookie, stores nothing but that setting, and asks no server for anything. The lookup runs in a frame of the election's own site;
 * no script of WordPress, of a plugin or of an advertisement can read what is typed there.
 */

namespace Bilik;

defined( 'ABSPATH' ) || exit;

const OPTION = 'bilik_sites';

add_action( 'admin_init', __NAMESPACE__ . '\register_settings' );
add_action( 'init', __NAMESPACE__ . '\register' );

/**
 * The sites that an administrator named, one address a line; the first is asked first. Only these are ever shown: an author of a
 * post must not be able to load another site's script.
 *
 * @return string[]
 */
function sites() {
	return array_values( array_filter( array_map( __NAMESPACE__ . '\clean_site', preg_split( '/\s+/', (string) get_option( OPTION, '' ) ) ) ) );
}

/** An address as the browser takes it, with a slash at its end; nothing where it is not a web address. */
function clean_site( $address ) {
	$url = esc_url_raw( trim( (string) $address ), array( 'https', 'http' ) );
	return preg_match( '#^https?://#', $url ) ? trailingslashit( strtok( $url, '?#' ) ) : '';
}

function clean_sites( $text ) {
	return implode( "\n", array_filter( array_map( __NAMESPACE__ . '\clean_site', preg_split( '/\s+/', (string) $text ) ) ) );
}

function register_settings() {
	register_setting( 'reading', OPTION, array( 'type' => 'string', 'sanitize_callback' => __NAMESPACE__ . '\clean_sites', 'default' => '' ) );
	add_settings_field(
		OPTION,
		__( 'Bilik: the election’s site', 'bilik' ),
		function () {
			printf(
				'<textarea name="%1$s" id="%1$s" rows="3" cols="50" class="code" placeholder="https://pemilu.example/" aria-describedby="%1$s-help">%2$s</textarea><p class="description" id="%1$s-help">%3$s</p>',
				esc_attr( OPTION ),
				esc_textarea( get_option( OPTION, '' ) ),
				esc_html__( 'One address a line. The others are used when the first cannot be reached. Name only sites that the election’s operator trusts with its page.', 'bilik' )
			);
		},
		'reading',
		'default',
		array( 'label_for' => OPTION )
	);
}

/** What a post may choose, by the block and by the shortcode alike. */
function attributes() {
	$text = array( 'type' => 'string', 'default' => '' );
	return array(
		'site'       => $text, // one of the sites of the setting, to be asked first
		'election'   => $text, // its id, which the site must have
		'key'        => $text, // the public key, which the site must have
		'lang'       => $text, // id, en, jv, su
		'theme'      => $text, // light, dark
		'accent'     => $text, // a colour, as #00695c
		'version'    => $text, // a version that never changes, with its integrity: both stand in the site's embed-code.html
		'integrity'  => $text,
	);
}

function register() {
	add_shortcode( 'bilik', __NAMESPACE__ . '\render' );
	wp_register_script( 'bilik-block', false, array( 'wp-blocks', 'wp-element', 'wp-components', 'wp-block-editor' ), '0.1.0', true );
	wp_add_inline_script( 'bilik-block', block_script() );
	register_block_type(
		'bilik/lookup',
		array(
			'api_version'     => 2,
			'title'           => __( 'Cari TPS', 'bilik' ),
			'category'        => 'embed',
			'icon'            => 'location-alt',
			'attributes'      => attributes(),
			'supports'        => array( 'html' => false, 'align' => array( 'wide', 'full' ) ),
			'editor_script'   => 'bilik-block',
			'render_callback' => __NAMESPACE__ . '\render',
		)
	);
}

/** The element, with a link that is shown until it is there and wherever it cannot be. */
function render( $given ) {
	$defaults = wp_list_pluck( attributes(), 'default' );
	$chosen   = shortcode_atts( $defaults, is_array( $given ) ? $given : array(), 'bilik' );
	$sites    = sites();
	$wanted   = clean_site( $chosen['site'] );
	if ( $wanted && in_array( $wanted, $sites, true ) ) {
		$sites = array_merge( array( $wanted ), array_diff( $sites, array( $wanted ) ) );
	}
	if ( ! $sites || ( $wanted && $wanted !== $sites[0] ) ) {
		// For those who can do something about it.
		return current_user_can( 'edit_posts' )
			? '<p><strong>Bilik:</strong> ' . esc_html__( 'this site is not named under Settings > Reading.', 'bilik' ) . '</p>'
			: '';
	}
	load_element( $sites[0], $chosen['version'], $chosen['integrity'] );
	$attributes = array(
		'mirrors'    => implode( ' ', array_map( 'esc_url', $sites ) ),
		'election'   => $chosen['election'],
		'public-key' => $chosen['key'],
		'lang'       => $chosen['lang'],
		'theme'      => in_array( $chosen['theme'], array( 'light', 'dark' ), true ) ? $chosen['theme'] : '',
		'style'      => sanitize_hex_color( $chosen['accent'] ) ? "--bilik-accent:{$chosen['accent']};--bilik-sign:{$chosen['accent']}" : '',
	);
	$html = '';
	foreach ( array_filter( $attributes, 'strlen' ) as $name => $value ) {
		$html .= sprintf( ' %s="%s"', $name, esc_attr( $value ) );
	}
	return sprintf( '<bilik-lookup%s><a href="%s">%s</a></bilik-lookup>', $html, esc_url( $sites[0] ), esc_html__( 'Cari TPS Anda', 'bilik' ) );
}

/** The element's script, once a page, at its end. */
function load_element( $site, $version, $integrity ) {
	static $is_loaded = false;
	if ( $is_loaded ) {
		return;
	}
	$is_loaded  = true;
	$is_pinned  = preg_match( '/^[\w.-]+$/', $version ) && preg_match( '#^sha384-[A-Za-z0-9+/=]+$#', $integrity );
	$attributes = array( 'type' => 'module', 'src' => esc_url( $site . ( $is_pinned ? "v/$version/" : '' ) . 'element.js' ) );
	if ( $is_pinned ) {
		$attributes += array( 'integrity' => $integrity, 'crossorigin' => 'anonymous' );
	}
	add_action(
		'wp_footer',
		function () use ( $attributes ) {
			wp_print_script_tag( $attributes );
		}
	);
}

/** The block in the editor: a placeholder with its settings beside it. The lookup itself is shown to readers only. */
function block_script() {
	return <<<'JS'
( ( { blocks, element: { createElement: h, Fragment }, components, blockEditor } ) => {
	const FIELDS = {
		site: 'Situs pemilu (kosong: yang pertama di Pengaturan > Membaca)',
		election: 'Id pemilu',
		key: 'Kunci publik',
		lang: 'Bahasa: id, en, jv, su',
		theme: 'Tema: light, dark',
		accent: 'Warna, misalnya #00695c',
		version: 'Versi tetap',
		integrity: 'Integrity versi itu',
	};
	blocks.registerBlockType( 'bilik/lookup', {
		edit: ( { attributes, setAttributes } ) =>
			h(
				Fragment,
				null,
				h(
					blockEditor.InspectorControls,
					null,
					h(
						components.PanelBody,
						{ title: 'Cari TPS' },
						...Object.entries( FIELDS ).map( ( [ name, label ] ) =>
							h( components.TextControl, {
								key: name,
								label,
								value: attributes[ name ],
								onChange: ( value ) => setAttributes( { [ name ]: value } ),
							} )
						)
					)
				),
				h(
					'div',
					blockEditor.useBlockProps(),
					h( components.Placeholder, { icon: 'location-alt', label: 'Cari TPS', instructions: attributes.site || 'Pencarian tampil di halaman yang diterbitkan.' } )
				)
			),
		save: () => null,
	} );
} )( window.wp );
JS;
}
